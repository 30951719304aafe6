import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fromRun } from './postgres.js';
import { node } from './worker.js';

/** What a command left when it ended: its exit code, what it wrote for programs, and what for people. */
export interface Ended {
  readonly exit: number | null;
  readonly data: string;
  readonly talk: string;
}

/** A command that runs: what it has written so far, and its end. */
export interface Running {
  readonly child: ChildProcess;
  readonly data: () => string;
  readonly ended: Promise<Ended>;
}

/** Somebody at a command line, with an environment and an empty data folder of their own. */
export class CommandLine {
  readonly folder = mkdtempSync(join(fromRun('TEST_RUN_FOLDER'), 'typed-'));

  constructor(private readonly env: Readonly<Record<string, string>>) {}

  /** Types `perennial <words>` and waits for its end; `input` is what stdin holds. */
  type(words: readonly string[], input = ''): Promise<Ended> {
    const { child, ended } = this.start(words);
    child.stdin?.end(input);
    return ended;
  }

  /** Types it, and goes on while it runs. */
  start(words: readonly string[]): Running {
    const own = { NODE_OPTIONS: '', PERENNIAL_DATA: this.folder, ...this.env };
    const main = ['--import', './test/support/source.mjs', 'apps/cli/main.ts'];
    const child = spawn(node, [...main, ...words], { env: { ...process.env, ...own } });
    let [data, talk] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (data += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (talk += chunk.toString()));
    const ended = new Promise<Ended>((done) => child.on('close', (exit) => done({ exit, data, talk })));
    return { child, data: () => data, ended };
  }
}

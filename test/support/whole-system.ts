import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseEnv } from 'node:util';
import { freePort } from '#platform/ports.js';

const root = resolve(import.meta.dirname, '../..');
const PATIENCE_MS = 120_000;
const LOOK_MS = 100;

/** One `npm start`, and what it says. */
export interface Up {
  exit: number | null;
  talk: string;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly ended: Promise<void>;
}

interface RunRecord {
  readonly pid: number;
  readonly pids: Readonly<Record<string, number>>;
  readonly postgresPort: number;
  readonly temporalAddress: string;
}

/** Everything that `npm start` starts, in a data folder of the spec's own. */
export class WholeSystem {
  readonly home = mkdtempSync(join(tmpdir(), 'up-'));
  readonly data = join(this.home, 'data');

  private constructor(
    readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async prepare(env: Readonly<Record<string, string>> = {}): Promise<WholeSystem> {
    return new WholeSystem(await freePort(0), env);
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  /** As `npm start` does it. */
  start(...more: string[]): Up {
    return this.begin('up', ...more);
  }

  /** A command that starts a system, typed where none runs. */
  begin(command: 'up' | 'journey', ...more: string[]): Up {
    return this.launch(command, '--data', this.data, '--port', String(this.port), ...more);
  }

  /** Another command, typed where the data folder is the system's. */
  async typed(...words: string[]): Promise<Up> {
    const run = this.launch(...words);
    await run.ended;
    return run;
  }

  private launch(...words: string[]): Up {
    const args = ['scripts/launch.mjs', ...words];
    const env = { ...process.env, PERENNIAL_DATA: this.data, ...this.env };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = new Promise<void>((done) => {
      child.on('close', (exit) => {
        up.exit = exit;
        done();
      });
    });
    const up: Up = { exit: null, talk: '', signal: (name) => child.kill(name), ended };
    child.stderr.on('data', (chunk: Buffer) => (up.talk += chunk.toString()));
    return up;
  }

  /** Started, and ready to serve. */
  async started(): Promise<Up> {
    const up = this.start();
    await until(
      () => up.talk.includes('Stop    Ctrl+C') || up.exit !== null,
      () => up.talk,
    );
    expect(up.talk).toContain(`API     ${this.url}`);
    return up;
  }

  /** What the running system has written down about itself. */
  record(): RunRecord {
    return JSON.parse(readFileSync(join(this.data, 'run.json'), 'utf8')) as RunRecord;
  }

  /** The first key of the installation. */
  key(): string {
    return parseEnv(readFileSync(join(this.data, 'dev.env'), 'utf8'))['PERENNIAL_KEY'] ?? '';
  }

  async serves(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`)).ok;
    } catch {
      return false;
    }
  }

  /** Every process whose command names the data folder. */
  processes(): readonly number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && commandOf(name).includes(this.data))
      .map(Number);
  }

  /** Ends what is left, and leaves no folder behind. */
  async remove(): Promise<void> {
    for (const pid of this.processes()) process.kill(pid, 'SIGKILL');
    await until(() => this.processes().length === 0);
    rmSync(this.home, { recursive: true, force: true });
  }
}

export function commandOf(pid: number | string): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Looks again and again until it is so. */
export async function until(condition: () => boolean | Promise<boolean>, why = () => ''): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
  throw new Error(`in vain: ${why()}`);
}

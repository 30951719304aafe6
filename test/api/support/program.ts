import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '#platform/ports.js';
import { endsWithFile, fromRun } from '../../support/postgres.js';
import { node } from '../../support/worker.js';

const READY_MS = 60_000;

/** Where a program lives: its database, its folder for files, and a command that starts it in narrower ways. */
export interface Ground {
  readonly databaseUrl: string;
  readonly evidenceFolder: string;
  readonly within?: readonly string[];
  readonly logLevel?: string;
  /** Other variables of its environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** One line of a log. */
export type Logged = Readonly<Record<string, unknown>>;

/** The API as a program of its own, with its real main, run from the source. */
export class ApiProgram {
  private text = '';

  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {
    child.stdout?.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
  }

  /** Started, and ready to serve; it ends with the file. */
  static async start({
    databaseUrl,
    evidenceFolder,
    within = [],
    logLevel = 'info',
    variables = {},
  }: Ground): Promise<ApiProgram> {
    const port = String(await freePort(0));
    const env = {
      ...process.env,
      DATABASE_URL: databaseUrl,
      NODE_OPTIONS: '',
      PERENNIAL_PORT: port,
      PERENNIAL_LOG_LEVEL: logLevel,
      PERENNIAL_REQUESTS_PER_MINUTE: '0',
      PERENNIAL_DATA: mkdtempSync(join(fromRun('TEST_RUN_FOLDER'), 'api-')),
      PERENNIAL_EVIDENCE_STORE: evidenceFolder,
      ...variables,
    };
    const main = [node, '--import', './test/support/source.mjs', 'apps/api/main.ts'];
    const [command = node, ...args] = [...within, ...main];
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const program = new ApiProgram(`http://127.0.0.1:${port}`, child);
    endsWithFile({ child: { pid: child.pid ?? 0 }, stop: () => program.kill() });
    await program.isReady();
    return program;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** How it ended, when it has. */
  get exit(): number | null {
    return this.child.exitCode;
  }

  /** All that it wrote. */
  get written(): string {
    return this.text;
  }

  /** What it wrote to its log about one request. */
  loggedOf(requestId: string): readonly Logged[] {
    const lines = this.text.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as Logged).filter((line) => line['requestId'] === requestId);
  }

  private async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const over = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await over;
  }

  private isReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the API is not ready: ${this.text}`)), READY_MS);
      const told = (settle: () => void) => () => {
        clearTimeout(late);
        settle();
      };
      this.child.once('message', told(resolve));
      this.child.once(
        'error',
        told(() => reject(new Error('the API cannot be started'))),
      );
      this.child.once(
        'exit',
        told(() => reject(new Error(`the API ended: ${this.text}`))),
      );
    });
  }
}

import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { atMost, pause } from './pause.js';

/** A program that runs beside this one, in a session of its own: Ctrl+C reaches it only through us, in order. */
export interface Child {
  pid: number;
  exited: Promise<string>;
  /** The first word over the channel: it is ready (platform/ready.ts). */
  told: Promise<void>;
  stop: (ladder: readonly Rung[]) => Promise<void>;
}

/** How to ask a program to end: the signal, and how long to wait before the next. */
export interface Rung {
  signal: NodeJS.Signals;
  patienceMs: number;
}

export interface Launch {
  command: string;
  args: readonly string[];
  env?: Record<string, string>;
  uid?: number;
  gid?: number;
}

interface Place {
  logFile: string;
  /** A channel whose end tells the child that we are gone. */
  channel?: boolean;
}

export async function startChild(launch: Launch, place: Place): Promise<Child> {
  mkdirSync(dirname(place.logFile), { recursive: true });
  const log = openSync(place.logFile, 'a');
  try {
    const stdio: StdioOptions = ['ignore', log, log, ...(place.channel === true ? (['ipc'] as const) : [])];
    const child = spawn(launch.command, launch.args, {
      ...rightsOf(launch),
      env: launch.env,
      stdio,
      detached: true,
    });
    await new Promise<void>((done, failed) => {
      child.once('spawn', done);
      child.once('error', failed);
    });
    return follow(child);
  } finally {
    closeSync(log);
  }
}

function follow(child: ChildProcess): Child {
  let over = false;
  const exited = new Promise<string>((done) => {
    child.once('exit', (code, signal) => {
      over = true;
      done(signal ?? `exit code ${String(code)}`);
    });
  });
  const told = new Promise<void>((done) => {
    child.once('message', () => done());
  });
  const stop = async (ladder: readonly Rung[]): Promise<void> => {
    for (const { signal, patienceMs } of ladder) {
      if (over) return;
      child.kill(signal);
      await Promise.race([exited, atMost(patienceMs)]);
    }
    await exited;
  };
  return { pid: child.pid ?? 0, exited, told, stop };
}

export interface Ended {
  code: number | null;
  output: string;
}

interface Watch {
  limitMs: number;
  input?: string;
  onText?: (text: string) => void;
  cwd?: string;
  signal?: AbortSignal;
}

/** Runs a program to its end and keeps what it said; ends it, with all it started, when it takes too long. */
export function runToEnd(launch: Launch, { limitMs, input, onText, cwd, signal }: Watch): Promise<Ended> {
  return new Promise((done) => {
    const options = { ...rightsOf(launch), env: launch.env, cwd, detached: true };
    const child = spawn(launch.command, launch.args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    const end = () => killGroup(child.pid);
    const limit = setTimeout(end, limitMs);
    process.once('exit', end);
    signal?.addEventListener('abort', end);
    const hear = (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      output = (output + text).slice(-100_000);
      onText?.(text);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    const over = (code: number | null) => {
      clearTimeout(limit);
      process.off('exit', end);
      done({ code, output });
    };
    child.once('error', (error) => {
      output += error.message;
      over(null);
    });
    child.once('close', over);
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It had ended in the meantime.
  }
}

function rightsOf({ uid, gid }: Launch) {
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readOrEmpty(`/proc/${String(pid)}/status`));
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When this process began, so that a number that the machine has given to another is not taken for it. */
export function beginningOf(pid: number): string {
  const stat = readOrEmpty(`/proc/${String(pid)}/stat`);
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return `${readOrEmpty('/proc/sys/kernel/random/boot_id').trim()}/${afterName[19] ?? ''}`;
}

/** Ends a program that an earlier run left behind, if it is still what it was: its command names our folder. */
export async function stopOrphan(pid: number, mark: string, ladder: readonly Rung[]): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (!commandOf(pid).includes(mark)) return false;
  for (const { signal, patienceMs } of ladder) {
    if (!isAlive(pid)) return true;
    process.kill(pid, signal);
    for (let waited = 0; waited < patienceMs && isAlive(pid); waited += 50) await pause(50);
  }
  return true;
}

function commandOf(pid: number): string {
  if (existsSync('/proc/self/cmdline'))
    return readOrEmpty(`/proc/${String(pid)}/cmdline`).replaceAll('\0', ' ');
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

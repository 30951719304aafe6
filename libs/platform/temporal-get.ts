import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { isAlive, runToEnd, type Ended } from './child.js';
import { childEnvironment } from './config.js';

/** The newest that `go install` can build (later ones have replace directives). Its server is 1.29.1. */
export const BUILT_VERSION = '1.5.1';
const GO_PACKAGE = `github.com/temporalio/cli/cmd/temporal@v${BUILT_VERSION}`;
/** How many packages a build from nothing names, to say how far it is. */
const GO_PACKAGES = 1_290;
const BUILD_MS = 20 * 60_000;
const DOWNLOAD_MS = 60_000;
/** Behind some firewalls nothing answers at all: then waiting the whole time helps nobody. */
const SILENCE_MS = 12_000;

/** How far a long step is: 0 to 1 where it can be counted. */
export type Progress = (what: string, share?: number) => void;
export type Got = { path: string } | { failed: string };

/** The SDK's own way to get its server: it starts one, and the program stays. */
const FETCH = `
  import { TestWorkflowEnvironment } from '@temporalio/testing';
  const executable = { type: 'cached-download', downloadDir: process.argv[1] };
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
  await environment.teardown();`;

export async function download(cacheFolder: string, progress: Progress): Promise<Got> {
  const making = makingFolder(cacheFolder);
  const given = new AbortController();
  let heard = { size: 0, at: Date.now() };
  const look = setInterval(() => {
    const size = sizeOf(making);
    if (size > heard.size) heard = { size, at: Date.now() };
    progress(`downloading, ${(size / 1e6).toFixed(0)} MB`);
    if (Date.now() - heard.at > SILENCE_MS) given.abort();
  }, 500);
  const launch = { command: process.execPath, args: ['--input-type=module', '-e', FETCH, making] };
  const cwd = dirname(fileURLToPath(import.meta.url));
  const ended = await runToEnd(launch, { limitMs: DOWNLOAD_MS, cwd, signal: given.signal });
  clearInterval(look);
  const name = existsSync(making)
    ? readdirSync(making).find((entry) => entry.startsWith('temporal'))
    : undefined;
  if (ended.code === 0 && name !== undefined) return keep(making, name, '1.24.0-sdk', cacheFolder);
  rmSync(making, { recursive: true, force: true });
  return { failed: given.signal.aborted ? 'nothing came for a while' : reason(ended) };
}

export async function build(cacheFolder: string, progress: Progress): Promise<Got> {
  const go = await goVersion();
  if (go === undefined) return { failed: 'there is no Go' };
  if (go < 25) return { failed: `Go is 1.${String(go)}, and 1.25 is needed` };
  const making = makingFolder(cacheFolder);
  let lines = 0;
  const onText = (text: string) => {
    lines += text.split('\n').length - 1;
    progress('building (once; then kept)', Math.min(lines / GO_PACKAGES, 0.99));
  };
  const launch = {
    command: 'go',
    args: ['install', '-v', '-ldflags', '-s -w', GO_PACKAGE],
    env: goEnvironment(making),
  };
  const ended = await runToEnd(launch, { limitMs: BUILD_MS, onText, cwd: making });
  if (ended.code === 0) return keep(making, 'bin/temporal', BUILT_VERSION, cacheFolder);
  rmSync(making, { recursive: true, force: true });
  return { failed: reason(ended) };
}

/** All that Go fetches and compiles on the way lies in the folder, and goes with it. */
function goEnvironment(making: string): Record<string, string> {
  return childEnvironment({
    GOBIN: join(making, 'bin'),
    GOMODCACHE: join(making, 'modules'),
    GOCACHE: join(making, 'compiled'),
    GOFLAGS: '-buildvcs=false -modcacherw',
    GOTOOLCHAIN: 'local',
    CGO_ENABLED: '0',
  });
}

async function goVersion(): Promise<number | undefined> {
  const { code, output } = await runToEnd({ command: 'go', args: ['version'] }, { limitMs: 20_000 });
  const minor = /go1\.(\d+)/.exec(output)?.[1];
  return code === 0 && minor !== undefined ? Number(minor) : undefined;
}

/** True while another program that lives is getting one into the same cache. */
export const isBeingMade = (cacheFolder: string): boolean =>
  makersIn(join(cacheFolder, 'temporal')).some(isAlive);

const makersIn = (home: string): readonly number[] =>
  (existsSync(home) ? readdirSync(home) : [])
    .map((name) => Number(/^making-(\d+)$/.exec(name)?.[1]))
    .filter((pid) => pid > 0 && pid !== process.pid);

/** A folder for what is not whole yet; what an attempt left that was killed goes first. */
function makingFolder(cacheFolder: string): string {
  const home = join(cacheFolder, 'temporal');
  mkdirSync(home, { recursive: true });
  for (const pid of makersIn(home).filter((one) => !isAlive(one)))
    rmSync(join(home, `making-${String(pid)}`), { recursive: true, force: true });
  const making = join(home, `making-${String(process.pid)}`);
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making);
  return making;
}

/** Only a whole program gets the name under which it is looked for. */
function keep(making: string, program: string, version: string, cacheFolder: string): Got {
  const path = join(cacheFolder, 'temporal', version, 'temporal');
  mkdirSync(dirname(path), { recursive: true });
  renameSync(join(making, program), path);
  rmSync(making, { recursive: true, force: true });
  return { path };
}

function sizeOf(folder: string): number {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** What a program said last, in one line. */
function reason({ code, output }: Ended): string {
  const lines = output
    .split('\n')
    .filter((line) => /error|fail|dial|lookup|timeout|refused|denied/i.test(line));
  const last = (lines.at(-1) ?? output.trim().split('\n').at(-1) ?? '').trim().slice(0, 160);
  return code === null ? `it took too long. ${last}` : last;
}

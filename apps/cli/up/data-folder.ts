import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { beginningOf, isAlive, stopOrphan, type Rung } from '#platform/child.js';
import type { Config } from '#platform/config.js';
import { StartFailure } from '#platform/start-failure.js';

const NEEDED_MB = 300;
const ladder: readonly Rung[] = [
  { signal: 'SIGTERM', patienceMs: 10_000 },
  { signal: 'SIGKILL', patienceMs: 5_000 },
];

const recordShape = z.object({
  pid: z.number(),
  beginning: z.string(),
  since: z.string(),
  /** Set when everything is ready. */
  address: z.string().optional(),
  temporalAddress: z.string().optional(),
  temporalPages: z.string().optional(),
  postgresPort: z.number().optional(),
  temporalPort: z.number().optional(),
  pids: z.record(z.string(), z.number()).default({}),
});

/** What the running system has written down about itself (run.json). */
export type RunRecord = z.infer<typeof recordShape>;

/** The data folder while it is ours: nobody else starts in it. */
export interface DataFolder {
  /** What the run before wrote down, for the ports it had. */
  earlier: RunRecord | undefined;
  isNew: boolean;
  note: (more: Partial<RunRecord>) => void;
  release: () => void;
}

/** Where the address and the first key of the system lie. */
export const keyFileOf = ({ dataFolder }: Pick<Config, 'dataFolder'>): string => join(dataFolder, 'dev.env');

export function openDataFolder(folder: string): DataFolder {
  const isNew = !existsSync(folder);
  ensureWritable(folder);
  ensureSpace(folder);
  const earlier = readRecord(folder);
  takeLock(folder);
  let record: RunRecord = {
    pid: process.pid,
    beginning: beginningOf(process.pid),
    since: new Date(Date.now()).toISOString(),
    pids: {},
  };
  const note = (more: Partial<RunRecord>): void => {
    record = { ...record, ...more, pids: { ...record.pids, ...more.pids } };
    const file = join(folder, 'run.json');
    writeFileSync(`${file}.new`, JSON.stringify(record, null, 2));
    renameSync(`${file}.new`, file);
  };
  const release = (): void => {
    const { postgresPort, temporalPort } = record;
    record = { ...record, pids: {} };
    delete record.address;
    note({ postgresPort, temporalPort });
    rmSync(join(folder, 'lock'), { recursive: true, force: true });
  };
  return { earlier, isNew, note, release };
}

/** Ends what a run left behind that was killed: its API and worker stop by themselves, its servers do not. */
export async function endOrphans(folder: string, earlier: RunRecord | undefined): Promise<void> {
  const orphans = Object.entries(earlier?.pids ?? {}).filter(([name]) => name !== 'postgres');
  await Promise.all(orphans.map(([, pid]) => stopOrphan(pid, folder, ladder)));
}

/**
 * What the system that runs in a data folder has written down. Whoever was killed has left its addresses behind, where others may
 * listen by now: they count while the process that wrote them lives.
 */
export function runningIn(folder: string): RunRecord | undefined {
  const record = readRecord(folder);
  return record !== undefined && isStill(record.pid, record.beginning) ? record : undefined;
}

function readRecord(folder: string): RunRecord | undefined {
  try {
    return recordShape.parse(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

function takeLock(folder: string): void {
  const lock = join(folder, 'lock');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'holder'), `${String(process.pid)} ${beginningOf(process.pid)}`);
      return;
    } catch {
      const holder = holderOf(lock);
      if (holder !== undefined) throw usedBy(folder, holder);
      const aside = `${lock}.${String(process.pid)}`;
      renameSync(lock, aside);
      rmSync(aside, { recursive: true, force: true });
    }
  }
}

/** Whose lock it is, if that process still lives: a number that another process has got since does not count. */
function holderOf(lock: string): number | undefined {
  const text = existsSync(join(lock, 'holder')) ? readFileSync(join(lock, 'holder'), 'utf8') : '';
  const [pid = '', beginning] = text.split(' ');
  return isStill(Number(pid), beginning) ? Number(pid) : undefined;
}

const isStill = (pid: number, beginning: string | undefined): boolean =>
  isAlive(pid) && beginningOf(pid) === beginning;

function usedBy(folder: string, pid: number): StartFailure {
  const since = runningIn(folder)?.since;
  return new StartFailure({
    code: 'E1005',
    what: `Another Perennial uses the data folder ${folder} (pid ${String(pid)}${since === undefined ? '' : `, since ${since}`}).`,
    lines: [
      'It is starting, stopping, or does not answer. Wait for it, or end it:   kill ' + String(pid),
      'or use another folder:   npm start -- --data ./other --port 4201',
      'Nothing was changed.',
    ],
  });
}

function ensureWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new StartFailure(
      {
        code: 'E1011',
        what: `There is no right to write in the data folder ${folder}.`,
        lines: [
          `Make it yours:   chown -R "$(id -u)" ${folder}`,
          'or use another:   npm start -- --data ./other',
        ],
      },
      cause,
    );
  }
}

function ensureSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free >= NEEDED_MB) return;
  throw new StartFailure({
    code: 'E1012',
    what: `There is too little room for ${folder}: ${String(free)} MB free, ${String(NEEDED_MB)} MB needed.`,
    lines: ['Make room, or use a folder elsewhere:   npm start -- --data /elsewhere', 'Nothing was changed.'],
  });
}

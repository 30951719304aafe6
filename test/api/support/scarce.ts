import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiProgram } from './program.js';

/** How much can be written, in bytes. */
export const ROOM = 32 * 1024;
/** `ulimit` counts in blocks of 512 bytes. (POSIX) */
const BLOCKS = String(ROOM / 512);
const DISK = 1024 * 1024;
const MARGIN_MS = 10_000;

/** An API with too little room for files, what lies in its folder, and the way to give it room. */
export interface Scarce {
  readonly api: ApiProgram;
  readonly files: () => readonly string[];
  /** Answers the API that has room: the same one, or another in front of the same folder. */
  readonly makeRoom: () => Promise<ApiProgram>;
}

/** What an API in want of room stands on. */
export interface Place {
  readonly databaseUrl: string;
  readonly evidenceFolder: string;
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted();

/** No file may be longer than this: as a quota, it is met in the midst of a write. */
export async function limited(place: Place): Promise<Scarce> {
  const within = ['sh', '-c', `ulimit -S -f ${BLOCKS} && exec "$@"`, 'sh'];
  return {
    api: await ApiProgram.start({ ...place, within }),
    files: () => filesIn(place.evidenceFolder),
    makeRoom: () => ApiProgram.start(place),
  };
}

const ALONE = ['unshare', '--map-root-user', '--mount'] as const;
const MOUNT = `mount -t tmpfs -o size=${String(DISK)} none`;

/** Why no disk can be mounted here, for the program alone; nothing where one can. */
export function noDisk(folder: string): string | undefined {
  const [command, ...args] = [...ALONE, 'sh', '-c', `${MOUNT} "$1"`, 'sh', folder];
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: MARGIN_MS });
  return status === 0 ? undefined : (error?.message ?? stderr).trim();
}

/** A small disk of the program's own, all but full. Others see it by way of the program. */
export async function full(place: Place): Promise<Scarce> {
  const within = [...ALONE, 'sh', '-c', `${MOUNT} "$0" && exec "$@"`, place.evidenceFolder];
  const api = await ApiProgram.start({ ...place, within });
  const disk = join('/proc', String(api.pid), 'root', place.evidenceFolder);
  const filler = join(disk, 'filler');
  writeFileSync(filler, Buffer.alloc(DISK - ROOM));
  return {
    api,
    files: () => filesIn(disk).filter((name) => name !== 'filler'),
    makeRoom: () => {
      rmSync(filler);
      return Promise.resolve(api);
    },
  };
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { syncFolder } from '#platform/sync-folder.js';
import { mediaTypeOf } from './media-type.js';

/** A file at the entrance: read to its end, hashed on the way, on the disk, and not yet in its place. */
export interface Arrived {
  readonly sha256: string;
  readonly bytes: number;
  /** What the content is, whatever its name says. */
  readonly type: string;
  /** Where it waits, under a name that begins with its hash. */
  readonly waiting: string;
}

/** What came of work on a file that has arrived. */
export interface Kept<T> {
  /** True when something that was recorded rests on the file. */
  readonly stays: boolean;
  readonly result: T;
}

/** Work on a file that has arrived, and whether what it failed of leaves open what was recorded. */
export interface Work<T> {
  readonly does: () => Promise<Kept<T>>;
  readonly isInDoubt: (error: unknown) => boolean;
}

/** Whether anything that was recorded rests on a file, whoever recorded it. */
export type IsRecorded = (sha256: string) => Promise<boolean>;

/** How many files were taken away from the entrance, and how many were brought to their place. */
export interface Swept {
  readonly gone: number;
  readonly placed: number;
}

const HEAD_BYTES = 4_096;
const WAITING = /^([0-9a-f]{64})\./;

/**
 * Files by the hash of their bytes. A file appears under its hash as a whole or not at all, and then it stays: each upload
 * brings its own to the entrance and takes away only that, so no program can take away what another has recorded.
 */
export class FileStore {
  private readonly entrance: string;

  constructor(private readonly folder: string) {
    this.entrance = join(folder, 'incoming');
  }

  /** Reads a stream to its end, on the disk before this returns; a stream that breaks off leaves nothing. */
  async take(content: AsyncIterable<Buffer>, name: string): Promise<Arrived> {
    const coming = join(this.entrance, name);
    await makeFolder(this.entrance);
    try {
      const known = await this.write(content, coming);
      const waiting = join(this.entrance, `${known.sha256}.${name}`);
      await rename(coming, waiting);
      await syncFolder(this.entrance);
      return { ...known, waiting };
    } catch (error) {
      await rm(coming, { force: true });
      throw error;
    }
  }

  /**
   * Does the work that rests on a file, and brings it to its place; work that says no, or fails, takes it away. Where nobody
   * can tell whether the work was done, it waits on: whoever reads what was recorded finds it, and a sweep asks the ledger.
   */
  async keep<T>({ sha256, waiting }: Arrived, { does, isInDoubt }: Work<T>): Promise<T> {
    const kept = await does().catch(async (error: unknown) => {
      if (!isInDoubt(error)) await rm(waiting, { force: true });
      throw error;
    });
    if (kept.stays) await this.place(waiting, sha256);
    else await rm(waiting, { force: true });
    return kept.result;
  }

  /**
   * Empties the entrance of what has not grown since an instant, in milliseconds: programs that were killed have left it.
   * What something recorded rests on comes to its place, the rest goes.
   */
  async sweep(since: number, isRecorded: IsRecorded): Promise<Swept> {
    let [gone, placed] = [0, 0];
    for (const name of await this.atEntrance()) {
      const path = join(this.entrance, name);
      const found = await stat(path).catch(() => undefined); // it may have arrived meanwhile
      if (found === undefined || found.mtimeMs >= since) continue;
      const [, sha256] = WAITING.exec(name) ?? [];
      if (sha256 !== undefined && (await isRecorded(sha256))) {
        await this.place(path, sha256);
        placed += 1;
      } else {
        await rm(path, { force: true });
        gone += 1;
      }
    }
    return { gone, placed };
  }

  /** Of a file that something recorded rests on: whether it is there. One that still waits comes to its place. */
  async has(sha256: string): Promise<boolean> {
    if (await isThere(this.pathOf(sha256))) return true;
    const waiting = (await this.atEntrance()).find((name) => name.startsWith(`${sha256}.`));
    if (waiting !== undefined) await this.place(join(this.entrance, waiting), sha256);
    return waiting !== undefined;
  }

  read(sha256: string): Readable {
    return createReadStream(this.pathOf(sha256));
  }

  pathOf(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), sha256);
  }

  private async atEntrance(): Promise<readonly string[]> {
    await makeFolder(this.entrance);
    return readdir(this.entrance);
  }

  /** Moves a file from the entrance under its hash; it may be there already, by another upload or another program. */
  private async place(waiting: string, sha256: string): Promise<void> {
    const path = this.pathOf(sha256);
    await makeFolder(dirname(path));
    if (!(await isThere(path)))
      await rename(waiting, path).catch(async (error: unknown) => {
        if (!(await isThere(path))) throw error;
      });
    await syncFolder(dirname(path));
    await rm(waiting, { force: true });
  }

  private async write(content: AsyncIterable<Buffer>, path: string): Promise<Omit<Arrived, 'waiting'>> {
    const file = await open(path, 'wx', 0o600);
    try {
      const hash = createHash('sha256');
      let [bytes, head] = [0, Buffer.alloc(0)];
      for await (const chunk of content) {
        hash.update(chunk);
        bytes += chunk.length;
        if (head.length < HEAD_BYTES)
          head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
        // All of it: where room runs out, one write takes what fits and calls that a success.
        await file.appendFile(chunk);
      }
      await file.sync();
      return { sha256: hash.digest('hex'), bytes, type: mediaTypeOf(head) };
    } finally {
      await file.close();
    }
  }
}

const isThere = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined;

/** A folder that is on the disk under its name, whoever made it. */
async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  await syncFolder(dirname(path));
  if (made !== undefined) await syncFolder(dirname(made));
}

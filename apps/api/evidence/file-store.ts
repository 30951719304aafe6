import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { syncFolder } from '#platform/sync-folder.js';
import { mediaTypeOf } from './media-type.js';

/** A file on its way in: read to its end, hashed on the way, and not yet in its place. */
export interface Arrived {
  readonly sha256: string;
  readonly bytes: number;
  /** What the content is, whatever its name says. */
  readonly type: string;
  readonly temporary: string;
}

/** What came of work on a file that is in its place. */
export interface Kept<T> {
  /** True when something that was recorded rests on the file. */
  readonly stays: boolean;
  readonly result: T;
}

/** Work on a file that is in its place, and whether what it failed of leaves open what was recorded. */
export interface Work<T> {
  readonly does: () => Promise<Kept<T>>;
  readonly isInDoubt: (error: unknown) => boolean;
}

const HEAD_BYTES = 4_096;

/** Files by the hash of their bytes. A file appears under its hash as a whole or not at all. */
export class FileStore {
  /** Uploads of the same content take turns: the one that fails takes its file away only where no other has come to rest on it. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(private readonly folder: string) {}

  /** Reads a stream to its end into a temporary file, on the disk before this returns; a stream that breaks off leaves nothing. */
  async take(content: AsyncIterable<Buffer>, name: string): Promise<Arrived> {
    const temporary = join(this.folder, 'incoming', name);
    await mkdir(join(this.folder, 'incoming'), { recursive: true });
    try {
      return { ...(await this.write(content, temporary)), temporary };
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /**
   * Puts it in its place and does the work that rests on it; the file goes again when it came with work
   * that says no, or fails. Where nobody can tell whether the work was done, it stays: better a file too
   * many than a record without its file.
   */
  async keep<T>(arrived: Arrived, work: Work<T>): Promise<T> {
    const { sha256 } = arrived;
    const before = this.turns.get(sha256) ?? Promise.resolve();
    const mine = before.then(() => this.keepWhile(arrived, work));
    const over = mine.then(
      () => undefined,
      () => undefined,
    );
    this.turns.set(sha256, over);
    try {
      return await mine;
    } finally {
      if (this.turns.get(sha256) === over) this.turns.delete(sha256);
    }
  }

  /** Takes away what was on its way in and has not grown since an instant, in milliseconds; answers how much. */
  async sweep(since: number): Promise<number> {
    const incoming = join(this.folder, 'incoming');
    await mkdir(incoming, { recursive: true });
    let swept = 0;
    for (const path of (await readdir(incoming)).map((name) => join(incoming, name))) {
      const found = await stat(path).catch(() => undefined); // it may have arrived meanwhile
      if (found === undefined || found.mtimeMs >= since) continue;
      await rm(path, { force: true });
      swept += 1;
    }
    return swept;
  }

  async forget({ temporary }: Arrived): Promise<void> {
    await rm(temporary, { force: true });
  }

  async has(sha256: string): Promise<boolean> {
    return (await stat(this.pathOf(sha256)).catch(() => undefined)) !== undefined;
  }

  read(sha256: string): Readable {
    return createReadStream(this.pathOf(sha256));
  }

  pathOf(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), sha256);
  }

  private async keepWhile<T>({ sha256, temporary }: Arrived, { does, isInDoubt }: Work<T>): Promise<T> {
    const path = this.pathOf(sha256);
    let goes = !(await this.has(sha256));
    if (goes) await this.place(temporary, path);
    try {
      const { stays, result } = await does();
      goes &&= !stays;
      // another program may have placed it, and taken it away again
      if (stays && !(await this.has(sha256))) await this.place(temporary, path);
      return result;
    } catch (error) {
      goes &&= !isInDoubt(error);
      throw error;
    } finally {
      if (goes) await rm(path, { force: true });
    }
  }

  /** On the disk, under its name, before anything is recorded that rests on it. */
  private async place(temporary: string, path: string): Promise<void> {
    const made = await mkdir(dirname(path), { recursive: true });
    await rename(temporary, path);
    await syncFolder(dirname(path));
    if (made !== undefined) await syncFolder(this.folder);
  }

  private async write(
    content: AsyncIterable<Buffer>,
    temporary: string,
  ): Promise<Omit<Arrived, 'temporary'>> {
    const file = await open(temporary, 'wx', 0o600);
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

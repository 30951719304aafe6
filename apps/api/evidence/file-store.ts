import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { mediaTypeOf } from './media-type.js';

/** A file on its way in: read to its end, hashed on the way, and not yet in its place. */
export interface Arrived {
  readonly sha256: string;
  readonly bytes: number;
  /** What the content is, whatever its name says. */
  readonly type: string;
  readonly temporary: string;
}

const HEAD_BYTES = 4_096;

/** Files by the hash of their bytes. A file appears under its hash as a whole or not at all. */
export class FileStore {
  constructor(private readonly folder: string) {}

  /** Reads a stream to its end into a temporary file, on the disk before this returns; a stream that breaks off leaves nothing. */
  async take(content: Readable, name: string): Promise<Arrived> {
    const temporary = join(this.folder, 'incoming', name);
    await mkdir(join(this.folder, 'incoming'), { recursive: true });
    try {
      return { ...(await this.write(content, temporary)), temporary };
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Puts it in its place; true when it was not there yet. */
  async keep({ sha256, temporary }: Arrived): Promise<boolean> {
    const path = this.pathOf(sha256);
    if (await this.has(sha256)) {
      await rm(temporary, { force: true });
      return false;
    }
    await mkdir(join(path, '..'), { recursive: true });
    await rename(temporary, path);
    return true;
  }

  async forget({ temporary }: Arrived): Promise<void> {
    await rm(temporary, { force: true });
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.pathOf(sha256), { force: true });
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

  private async write(content: Readable, temporary: string): Promise<Omit<Arrived, 'temporary'>> {
    const file = await open(temporary, 'wx', 0o600);
    try {
      const hash = createHash('sha256');
      let [bytes, head] = [0, Buffer.alloc(0)];
      for await (const piece of content) {
        const chunk = bufferOf(piece);
        hash.update(chunk);
        bytes += chunk.length;
        if (head.length < HEAD_BYTES)
          head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
        await file.write(chunk);
      }
      await file.sync();
      return { sha256: hash.digest('hex'), bytes, type: mediaTypeOf(head) };
    } finally {
      await file.close();
    }
  }
}

function bufferOf(piece: unknown): Buffer {
  if (Buffer.isBuffer(piece)) return piece;
  throw new TypeError('a file comes as bytes');
}

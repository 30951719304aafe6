import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { syncFolder } from '#platform/sync-folder.js';

/** What somebody may see is for their eyes. */
const ITS_OWNERS = 0o600;

/** A file while it is written, under another name than its own: what bears its own is whole. */
export class HalfFile {
  private readonly half: string;

  constructor(private readonly path: string) {
    this.half = `${path}.part`;
  }

  /** True when so many bytes of it are on the disk, or all of it under its own name. */
  has(bytes: number): boolean {
    return existsSync(this.path) || (existsSync(this.half) && statSync(this.half).size >= bytes);
  }

  /** Writes behind so many bytes, and forgets what stood there. Answers how many there are, on the disk. */
  write(behind: number, text: string): number {
    const file = openSync(this.half, existsSync(this.half) ? 'r+' : 'w', ITS_OWNERS);
    try {
      ftruncateSync(file, behind);
      const bytes = Buffer.from(text);
      for (let from = 0; from < bytes.length;)
        from += writeSync(file, bytes, from, bytes.length - from, behind + from);
      fsyncSync(file);
      return behind + bytes.length;
    } finally {
      closeSync(file);
    }
  }

  /** Gives it its own name; where that was done before somebody was stopped, it stays done. Answers the SHA-256 of its bytes. */
  async finish(): Promise<string> {
    if (existsSync(this.half)) renameSync(this.half, this.path);
    await syncFolder(dirname(this.path));
    return sha256Of(this.path);
  }
}

/** Writes a file as a whole or not at all. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const file = new HalfFile(path);
  file.write(0, text);
  await file.finish();
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

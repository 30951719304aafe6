import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A password of one's own, made at the first start and kept beside the data: there is no default secret. */
export function secretOf(folder: string, name: string): string {
  const file = join(folder, name);
  if (!existsSync(file)) writeSecret(file, randomBytes(24).toString('base64url'));
  return readFileSync(file, 'utf8').trim();
}

export const hasSecret = (folder: string, name: string): boolean => existsSync(join(folder, name));

/** Readable by its owner only, and never half-written. */
export function writeSecret(file: string, text: string): void {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

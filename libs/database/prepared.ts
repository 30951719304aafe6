import { hash } from 'node:crypto';
import type { QueryConfig } from 'pg';

/** A statement that each connection plans once: for what runs all the time, planning costs several times the running. */
export const prepared = (text: string, values: readonly unknown[]): QueryConfig => ({
  name: hash('sha1', text),
  text,
  values: [...values],
});

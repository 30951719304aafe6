import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { releaseOf } from '#platform/runs.js';
import type { TemporalPlace } from '#platform/temporal-client.js';
import type { TestDatabase } from './postgres.js';
import { bundled, node } from './worker.js';

/** What a command wrote: data, and talk. */
export interface Wrote {
  readonly data: string;
  readonly talk: string;
}

/** Types `perennial processes <words>` and waits for its end. */
export type Operator = (...words: string[]) => Promise<Wrote>;

/** Somebody who runs an installation, with the code of a release. */
export async function operatorOf(
  { appUrl }: TestDatabase,
  { address, namespace }: TemporalPlace,
  bundle?: string,
): Promise<Operator> {
  const release = releaseOf(readFileSync(bundle ?? (await bundled()), 'utf8'));
  const place = { databaseUrl: appUrl, temporal: { address, namespace }, release };
  const env = { ...process.env, OPERATOR_PLACE: JSON.stringify(place), NODE_OPTIONS: '' };
  const program = ['--import', './test/support/source.mjs', 'test/support/operator-program.ts', 'processes'];
  return async (...words) => {
    const { stdout, stderr } = await promisify(execFile)(node, [...program, ...words], {
      env,
      maxBuffer: 1e8,
    });
    return { data: stdout, talk: stderr };
  };
}

import type { ClientBase } from 'pg';
import type { Instant } from '#domain/instant.js';
import type { Thing } from '#domain/machine.js';
import { prepared } from '../prepared.js';
import type { Viewer } from './view.js';

/** An account and its organisation, and what their clock shows. */
export interface Whoever {
  readonly account: Thing | null;
  readonly home: Thing | null;
  readonly now: Instant;
}

/** Who reads, and when; `real` is the instant of whoever lives on no sandbox clock. */
export async function whoeverReads(
  client: ClientBase,
  { principal, organisation }: Viewer,
  real: Instant,
): Promise<Whoever> {
  const state = (id: string): string => `(select s.state from perennial.stream s where s.id = ${id})`;
  const { rows } = await client.query<Whoever>(
    prepared(
      `select ${state('$1')} as account, ${state('$2')} as home,
        perennial.iso(coalesce((select b.now from perennial.sandbox_member m join perennial.sandbox b on b.id = m.sandbox
          where m.organisation = $2), $3)) as now`,
      [principal, organisation, real],
    ),
  );
  const [row] = rows;
  if (!row) throw new Error('a query without a from has a row');
  return row;
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Up to which position nothing shows up any more to a look that begins after this one was answered. Who draws a position has locked the
 * ledger for it and holds that until all can see it; so when nobody does, all that had been drawn before is there, or was given up.
 * While somebody writes it is what the sequencer knows.
 */
const settled = `
create function perennial.settled() returns bigint
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  drawn bigint := coalesce(pg_sequence_last_value('perennial.ledger_entry_position_seq'), 0); -- asked before who writes
begin
  if exists (select from pg_locks l where l.relation = 'perennial.ledger_entry'::regclass and l.mode = 'RowExclusiveLock'
      and l.database = (select d.oid from pg_database d where d.datname = current_database())) then
    return (select q.settled from sequencer q);
  end if;
  return drawn;
end $$;

revoke all on function perennial.settled from public;
grant execute on function perennial.settled to perennial_app;
`;

/** Whoever follows the ledger by its positions misses nothing. */
export class Followed1735689600032 implements MigrationInterface {
  name = 'Followed1735689600032';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(settled);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

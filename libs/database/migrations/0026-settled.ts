import type { MigrationInterface, QueryRunner } from 'typeorm';
import { placeEntries } from './place-entries.js';

/** `marked`: the last position that had a place at a look; `marked_before`: the number of the transaction that looked. */
const columns = `
alter table perennial.sequencer add marked bigint not null default 0, add marked_before xid8 not null default '0';
update perennial.sequencer set marked = settled;
alter table perennial.placed drop placed_at;
`;

const ended = `
create function perennial.all_ended(before xid8) returns boolean
stable language sql
  return before <= pg_snapshot_xmin(pg_current_snapshot()) or before > pg_snapshot_xmax(pg_current_snapshot());
`;

const rights = `
revoke all on function perennial.all_ended from public;
`;

/** The feed of events is written in a fraction of the time while many write. */
export class Settled1735689600026 implements MigrationInterface {
  name = 'Settled1735689600026';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(columns + ended + placeEntries + rights);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { placeEntries } from './place-entries.js';
import { secured } from './secured.js';

/**
 * Positions become visible out of the order of commits, so nobody who remembers a position can follow the ledger. One sequencer
 * gives each entry its place in the feed of every organisation that sees it, once it is visible: gapless, and for ever.
 */
const tables = `
create table perennial.feed (
  seen_by perennial.id primary key,
  last bigint not null
);
create table perennial.event (
  seen_by perennial.id not null,
  sequence bigint not null,
  position bigint not null,
  primary key (seen_by, sequence),
  constraint event_once unique (seen_by, position)
);
create table perennial.placed (
  position bigint primary key,
  placed_at timestamptz not null
);
create table perennial.sequencer (
  one boolean primary key default true check (one),
  holder text not null,
  lease_until timestamptz not null,
  settled bigint not null
);
insert into perennial.sequencer (holder, lease_until, settled) values ('nobody', '-infinity', 0);
`;

const rights = `
${secured('feed', 'event', 'placed', 'sequencer')}
create policy of_app on perennial.feed for select to perennial_app using (seen_by = perennial.mine());
create policy of_app on perennial.event for select to perennial_app using (seen_by = perennial.mine());
revoke all on function perennial.place_entries from public;
grant select on perennial.feed, perennial.event to perennial_app, perennial_engine;
grant select on perennial.placed, perennial.sequencer to perennial_engine;
grant execute on function perennial.place_entries to perennial_engine;
`;

/** The feed of events, in an order that skips nothing. */
export class Events1735689600011 implements MigrationInterface {
  name = 'Events1735689600011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables + placeEntries + rights);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secured } from './secured.js';

const tables = `
create table perennial.heartbeat (
  duty text primary key,
  beat_at timestamptz(3) not null
);

create table perennial.outage (
  id perennial.id primary key,
  began_at timestamptz(3) not null,
  ended_at timestamptz(3) not null,
  made_up_since timestamptz(3) not null,
  all_ordered_at timestamptz(3),
  caught_up_at timestamptz(3)
);
create unique index outage_open on perennial.outage ((caught_up_at is null)) where caught_up_at is null;

create table perennial.outage_item (
  outage perennial.id not null references perennial.outage on delete cascade,
  kind text not null check (kind in ('late', 'withdrawn', 'failed', 'passed')),
  stream perennial.id not null,
  obligation text collate "C" not null,
  on_date date,
  what text,
  primary key (outage, kind, stream, obligation)
);

create table perennial.watch (
  id perennial.id primary key,
  because text not null check (because in ('schedule', 'asked')),
  began_at timestamptz(3) not null,
  ended_at timestamptz(3) not null,
  looked_at jsonb not null,
  remarks jsonb not null
);

create index stream_ordered on perennial.stream (id) where kind = 'notice' and stage = 'ordered';
`;

/**
 * Everybody sees when processes stood still, and of what came of it what concerns things that they see; whoever runs the
 * installation, how much came of it.
 */
const rights = `
${secured('heartbeat', 'outage', 'outage_item', 'watch')}
create policy of_app on perennial.outage for select to perennial_app using (perennial.mine() is not null);
create policy of_app on perennial.outage_item for select to perennial_app
  using (exists (select from perennial.stream s where s.id = outage_item.stream)
    or perennial.mine() in (select i.organisation from perennial.installation i));
create policy of_app on perennial.watch for select to perennial_app
  using (perennial.mine() in (select i.organisation from perennial.installation i));

grant select on perennial.outage, perennial.outage_item, perennial.watch to perennial_app;
grant select, insert, update on perennial.heartbeat, perennial.outage to perennial_engine;
grant select, insert on perennial.outage_item to perennial_engine;
grant select, insert, delete on perennial.watch to perennial_engine;
`;

/** By what one knows that processes were away, what that made late, and what the daily watch found. */
export class Watch1735689600007 implements MigrationInterface {
  name = 'Watch1735689600007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables + rights);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

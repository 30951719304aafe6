import type { MigrationInterface, QueryRunner } from 'typeorm';
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

/**
 * Whoever holds the office places what is visible and has no place yet; the row of the office is locked until the commit, so a
 * successor waits for a batch or for its end; with nothing to place nothing is written. No writer lives longer than half a minute: what was drawn before something that was
 * placed a minute ago has a place or was rolled back, and is looked at no more.
 */
const place = `
create function perennial.place_entries(holder text, most integer) returns integer
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  known bigint;
  count integer;
begin
  select q.settled into known from sequencer q
    where q.holder = place_entries.holder and q.lease_until > clock_timestamp() + interval '2 s';
  if found and not exists (select from ledger_entry e
    where e.position > known and not exists (select from placed p where p.position = e.position)) then return 0; end if;

  update sequencer q set holder = place_entries.holder, lease_until = clock_timestamp() + interval '5 s'
    where q.holder = place_entries.holder or q.lease_until < clock_timestamp();
  if not found then return -1; end if;
  update sequencer q set settled = old.position
    from (select max(position) as position from placed where placed_at < clock_timestamp() - interval '60 s') old
    where old.position > q.settled;
  select q.settled into known from sequencer q;
  delete from placed p where p.position <= known;

  with fresh as materialized (
    select e.position, s.organisation, s.programme, s.visibility from ledger_entry e join stream s on s.id = e.stream
      where e.position > known and not exists (select from placed p where p.position = e.position)
      order by e.position limit most),
  marked as (insert into placed select position, clock_timestamp() from fresh),
  seen as (
    select position, organisation as seen_by from fresh
    union select f.position, p.organisation from fresh f join programme_party p on p.programme = f.programme and p.until is null
      where f.visibility = 'both'),
  numbered as (select seen_by, position, row_number() over (partition by seen_by order by position) as number from seen),
  counted as (
    insert into feed as f (seen_by, last) select n.seen_by, count(*) from numbered n group by n.seen_by order by n.seen_by
      on conflict (seen_by) do update set last = f.last + excluded.last returning f.seen_by, f.last),
  before as (
    select c.seen_by, c.last - (select count(*) from numbered n where n.seen_by = c.seen_by) as last from counted c),
  told as (
    insert into event (seen_by, sequence, position)
      select n.seen_by, b.last + n.number, n.position from numbered n join before b on b.seen_by = n.seen_by)
  select count(*) into count from fresh;
  return count;
end $$;
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
    await runner.query(tables + place + rights);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

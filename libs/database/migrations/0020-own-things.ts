import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secured } from './secured.js';

/** Which person reads, where something is theirs alone; nobody where it is not said. */
const me = `
create function perennial.me() returns text stable language sql
  return nullif(current_setting('app.person', true), '');
`;

/**
 * A secret address by which somebody's calendar program reads dates; it stands here as its hash. What it shows is what its maker may
 * see when it is read: of that, nothing is kept here.
 */
const calendars = `
create table perennial.calendar_feed (
  id perennial.id primary key,
  hash text collate "C" not null unique check (hash ~ '^[0-9a-f]{64}$'),
  organisation perennial.id not null,
  person perennial.id not null,
  shows text not null,
  windows boolean not null,
  alarms text[] not null,
  made_at timestamptz(3) not null default clock_timestamp(),
  fetched_at timestamptz(3)
);
create index calendar_feed_person on perennial.calendar_feed (person, id);

create index task_ended on perennial.task (organisation, queue, ended_at) where ended_at is not null;

create function perennial.find_calendar(hash text) returns jsonb
stable security definer set search_path = perennial, pg_temp language sql
  return (select jsonb_build_object('organisation', c.organisation, 'person', c.person, 'shows', c.shows, 'windows', c.windows,
      'alarms', to_jsonb(c.alarms), 'over', p.stage = 'departed' or o.stage = 'closed',
      'rests', coalesce(c.fetched_at < clock_timestamp() - interval '1 minute', true))
    from calendar_feed c join stream p on p.id = c.person join stream o on o.id = c.organisation
    where c.hash = find_calendar.hash);

create function perennial.note_fetch(hash text) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  update calendar_feed c set fetched_at = clock_timestamp() where c.hash = $1;
$$;
`;

/** To whom each notice goes, which follows from the notice, and whether they have read it, which follows from nothing but them. */
const readers = `
create table perennial.notice_reader (
  person perennial.id not null,
  notice perennial.id not null,
  organisation perennial.id not null,
  programme perennial.id,
  ordered_at timestamptz(3) not null,
  read_at timestamptz(3),
  primary key (person, notice)
);
create index notice_reader_page on perennial.notice_reader (person, ordered_at, notice) include (organisation, programme, read_at);
create index notice_reader_unread on perennial.notice_reader (person, ordered_at, notice) include (organisation, programme)
  where read_at is null;
create index notice_reader_notice on perennial.notice_reader (notice);

create view perennial.notice_reader_row with (security_invoker) as
  select distinct p.person, s.id as notice, s.organisation, s.programme, s.created_at as ordered_at
  from perennial.stream s, jsonb_array_elements_text(s.state->'people') p(person)
  where s.kind = 'notice' and s.stage <> 'withdrawn';

create function perennial.follow_notice() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  if new.stage = 'withdrawn' then delete from notice_reader r where r.notice = new.id;
  else
    insert into notice_reader (person, notice, organisation, programme, ordered_at)
      select r.* from notice_reader_row r where r.notice = new.id on conflict do nothing;
  end if;
  return null;
end $$;
create trigger follow_notice after insert or update on perennial.stream
  for each row when (new.kind = 'notice') execute function perennial.follow_notice();

insert into perennial.notice_reader (person, notice, organisation, programme, ordered_at) select * from perennial.notice_reader_row;

create function perennial.mark_notice(person text, notice text, read boolean) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  update notice_reader r set read_at = case when $3 then coalesce(r.read_at, clock_timestamp()) end
    where r.person = $1 and r.notice = $2;
$$;

create function perennial.mark_notices(person text, up_to text) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  update notice_reader r set read_at = clock_timestamp() from notice_reader last
    where last.person = $1 and last.notice = $2 and r.person = $1 and r.read_at is null
      and (r.ordered_at, r.notice) <= (last.ordered_at, last.notice);
$$;
`;

/** Of what the other side of a programme sent one reads as long as one is a side of it. */
const rights = `
${secured('calendar_feed', 'notice_reader')}
create policy of_app on perennial.calendar_feed to perennial_app
  using (organisation = perennial.mine() and person = perennial.me())
  with check (organisation = perennial.mine() and person = perennial.me());
create policy of_app on perennial.notice_reader for select to perennial_app using (person = perennial.me()
  and (organisation = perennial.mine() or exists (select from perennial.programme_party p
    where p.programme = notice_reader.programme and p.organisation = perennial.mine() and p.until is null)));
grant select, insert, delete on perennial.calendar_feed to perennial_app;
grant select on perennial.calendar_feed to perennial_engine;
grant select on perennial.notice_reader to perennial_app, perennial_engine;
revoke all on function perennial.me, perennial.find_calendar, perennial.note_fetch, perennial.follow_notice, perennial.mark_notice,
  perennial.mark_notices from public;
grant execute on function perennial.me to perennial_app, perennial_engine;
grant execute on function perennial.find_calendar, perennial.note_fetch, perennial.mark_notice, perennial.mark_notices to perennial_app;
`;

/** What is a person's own and no fact: the addresses of their calendars, and which notices they have read. */
export class OwnThings1735689600020 implements MigrationInterface {
  name = 'OwnThings1735689600020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(me + calendars + readers + rights);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secured } from './secured.js';

/**
 * Who has a notice, or gets it later and when: what went out to some is not sent to them again when it is sent to the others. Those of a
 * digest bear its day. None of it is a fact of the ledger.
 */
const tables = `
create table perennial.notice_copy (
  notice perennial.id not null,
  person perennial.id not null,
  way text not null check (way in ('mail', 'later', 'digest')),
  due_at timestamptz(3) not null,
  day date check ((day is null) = (way <> 'digest')),
  tries integer not null default 0,
  leased_until timestamptz(3),
  sent_at timestamptz(3),
  answer integer,
  primary key (notice, person)
);
create index notice_copy_due on perennial.notice_copy (due_at) where sent_at is null;
create index notice_copy_day on perennial.notice_copy (person, day) where sent_at is null;
create index notice_copy_sent on perennial.notice_copy (sent_at);
${secured('notice_copy')}
grant select, insert, update, delete on perennial.notice_copy to perennial_engine;
`;

/** A link goes out in the language of whoever gets it. */
const links = `
create or replace function perennial.take_link(hash text, lease_ms integer) returns jsonb
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  taken password_link;
  mail text;
begin
  select * into taken from password_link d
    where d.sent_at is null and d.due_at <= clock_timestamp()
      and (d.purpose = 'invitation' or d.asked_at > clock_timestamp() - interval '1 hour')
      and exists (select from stream s where s.id = d.principal and s.stage <> 'departed')
    order by d.due_at, d.id limit 1 for update skip locked;
  if not found then return null; end if;
  mail := mail_of(taken.principal);
  update password_link l
    set hash = take_link.hash, address = address_of(mail), tries = l.tries + 1,
      due_at = clock_timestamp() + lease_ms * interval '1 ms',
      expires_at = clock_timestamp() + case l.purpose when 'invitation' then interval '7 days' else interval '1 hour' end
    where l.id = taken.id;
  return (select jsonb_build_object('id', taken.id::text, 'purpose', taken.purpose, 'mail', mail, 'organisation', t.content,
      'language', coalesce(s.state->>'language', 'en')) from stream s join stream o on o.id = s.organisation join private_content t on t.commitment = o.state->'texts'->>'name'
    where s.id = taken.principal);
end $$;
`;

/** How people want to be written to is theirs to say; their language was a fact until now, and stood nowhere. */
const readers = `
update perennial.stream s set state = s.state || jsonb_build_object('language', said.language)
from (
  select distinct on (e.stream) e.stream, convert_from(e.body, 'UTF8')::jsonb->'data'->>'language' as language
  from perennial.ledger_entry e
  where e.type = 'person.changed' and convert_from(e.body, 'UTF8')::jsonb->'data' ? 'language'
  order by e.stream, e.version desc) said
where s.id = said.stream;
`;

/** Mails in the language, in the hours and in the rhythm of those who read them. */
export class Mails1735689600019 implements MigrationInterface {
  name = 'Mails1735689600019';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables + links + readers);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

-- Generated from the migrations; do not edit.

-- domains

create domain perennial.id as text collate "C";

-- tables

create table perennial.agenda (
  process perennial.id not null,
  place integer not null,
  label text not null,
  on_date date,
  at text,
  due timestamp(3) with time zone
);

create table perennial.calendar_feed (
  id perennial.id not null,
  hash text not null,
  organisation perennial.id not null,
  person perennial.id not null,
  shows text not null,
  windows boolean not null,
  alarms text[] not null,
  made_at timestamp(3) with time zone not null default clock_timestamp(),
  fetched_at timestamp(3) with time zone
);

create table perennial.credential (
  hash text not null,
  principal perennial.id not null,
  organisation perennial.id not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  made_at timestamp with time zone not null default clock_timestamp(),
  idle_until timestamp with time zone,
  device text,
  identity perennial.id
);

create table perennial.event (
  seen_by perennial.id not null,
  sequence bigint not null,
  "position" bigint not null
);

create table perennial.evidence_content (
  organisation perennial.id not null,
  sha256 text not null,
  bytes bigint not null,
  type text not null,
  path text not null,
  stored_at timestamp with time zone not null default clock_timestamp()
);

create table perennial.feed (
  seen_by perennial.id not null,
  last bigint not null
);

create table perennial.heartbeat (
  duty text not null,
  beat_at timestamp(3) with time zone not null
);

create table perennial.idempotency_record (
  organisation perennial.id not null,
  principal perennial.id not null,
  route text not null,
  key text not null,
  fingerprint text not null,
  status integer not null,
  answer bytea not null,
  recorded_at timestamp with time zone not null default clock_timestamp()
);

create table perennial.identity (
  id perennial.id not null,
  issuer text not null,
  subject text not null,
  human perennial.id not null,
  address text not null,
  linked_at timestamp with time zone not null default clock_timestamp(),
  used_at timestamp with time zone
);

create table perennial.identity_flow (
  state text not null,
  browser text not null,
  provider text not null,
  nonce text not null,
  verifier text not null,
  challenge text not null,
  begun_at timestamp with time zone not null default clock_timestamp()
);

create table perennial.identity_proof (
  hash text not null,
  challenge text not null,
  issuer text not null,
  subject text not null,
  made_at timestamp with time zone not null default clock_timestamp()
);

create table perennial.installation (
  organisation perennial.id not null,
  only_one boolean not null default true
);

create table perennial.key_use (
  key perennial.id not null,
  used_at timestamp(3) with time zone not null
);

create table perennial.knock (
  about text not null,
  place text not null,
  at timestamp with time zone not null default clock_timestamp()
);

create table perennial.ledger_entry (
  "position" bigint generated always as identity not null,
  organisation perennial.id not null,
  log text not null,
  stream perennial.id not null,
  version integer not null,
  command perennial.id not null,
  ordinal integer not null,
  type text not null,
  actor perennial.id not null,
  recorded_at timestamp(3) with time zone not null,
  body bytea not null,
  leaf_hash bytea not null
);

create table perennial.notice_copy (
  notice perennial.id not null,
  person perennial.id not null,
  way text not null,
  due_at timestamp(3) with time zone not null,
  day date,
  tries integer not null default 0,
  leased_until timestamp(3) with time zone,
  sent_at timestamp(3) with time zone,
  answer integer
);

create table perennial.notice_reader (
  person perennial.id not null,
  notice perennial.id not null,
  organisation perennial.id not null,
  programme perennial.id,
  ordered_at timestamp(3) with time zone not null,
  read_at timestamp(3) with time zone
);

create table perennial.number_series (
  organisation perennial.id not null,
  series text not null,
  last integer not null
);

create table perennial.obligation (
  stream perennial.id not null,
  key text not null,
  what text not null,
  due date not null,
  kind text not null,
  rule text not null,
  ladder text not null,
  escalation text,
  owed_by text[] not null,
  explanation jsonb not null
);

create table perennial.operation (
  id perennial.id not null,
  kind text not null,
  organisation perennial.id not null,
  sandbox perennial.id,
  status text not null,
  input jsonb not null,
  progress jsonb,
  result jsonb,
  problem jsonb,
  leased_until timestamp with time zone,
  made_at timestamp with time zone not null default clock_timestamp(),
  started_at timestamp with time zone,
  finished_at timestamp with time zone
);

create table perennial.outage (
  id perennial.id not null,
  began_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone not null,
  made_up_since timestamp(3) with time zone not null,
  all_ordered_at timestamp(3) with time zone,
  caught_up_at timestamp(3) with time zone
);

create table perennial.outage_item (
  outage perennial.id not null,
  kind text not null,
  stream perennial.id not null,
  obligation text not null,
  on_date date,
  what text
);

create table perennial.parking (
  process perennial.id not null,
  seen integer not null,
  clock timestamp(3) with time zone not null,
  next_due timestamp(3) with time zone
);

create table perennial.password (
  human perennial.id not null,
  address text not null,
  phc text not null,
  set_at timestamp with time zone not null default clock_timestamp()
);

create table perennial.password_link (
  id bigint generated always as identity not null,
  principal perennial.id not null,
  purpose text not null,
  asked_at timestamp with time zone not null default clock_timestamp(),
  due_at timestamp with time zone not null default clock_timestamp(),
  tries integer not null default 0,
  hash text,
  address text,
  expires_at timestamp with time zone,
  sent_at timestamp with time zone,
  used_at timestamp with time zone,
  answer integer
);

create table perennial.placed (
  "position" bigint not null
);

create table perennial.private_content (
  commitment text not null,
  stream perennial.id not null,
  name text not null,
  salt bytea not null,
  content text not null
);

create table perennial.process (
  id perennial.id not null,
  name text not null,
  subject perennial.id not null,
  organisation perennial.id not null,
  programme perennial.id,
  status text not null,
  opened_by text not null,
  last integer not null,
  told integer not null default 0,
  leased_until timestamp with time zone,
  release text
);

create table perennial.programme_party (
  programme perennial.id not null,
  organisation perennial.id not null,
  side text not null,
  since timestamp(3) with time zone not null,
  until timestamp(3) with time zone
);

create table perennial.sandbox (
  id perennial.id not null,
  name text not null,
  organisation perennial.id not null,
  zone text not null,
  now timestamp(3) with time zone not null,
  seed text not null,
  made_at timestamp with time zone not null default clock_timestamp()
);

create table perennial.sandbox_member (
  organisation perennial.id not null,
  sandbox perennial.id not null
);

create table perennial.sequencer (
  one boolean not null default true,
  holder text not null,
  lease_until timestamp with time zone not null,
  settled bigint not null,
  marked bigint not null default 0,
  marked_before xid8 not null default '0'::xid8
);

create table perennial.stream (
  id perennial.id not null,
  kind text not null,
  organisation perennial.id not null,
  programme perennial.id,
  about perennial.id,
  visibility text not null,
  number text,
  stage text not null,
  version integer not null,
  state jsonb not null,
  created_at timestamp(3) with time zone not null,
  updated_at timestamp(3) with time zone not null,
  shared_with perennial.id
);

create table perennial.task (
  id perennial.id not null,
  organisation perennial.id not null,
  shared_with perennial.id,
  programme perennial.id,
  queue text not null,
  holder perennial.id,
  live boolean not null,
  due date not null,
  snoozed_until date,
  done_by perennial.id,
  ended_at timestamp(3) with time zone,
  urgent boolean not null default false,
  level smallint not null default 0,
  nobody_left boolean not null default false,
  look_at timestamp(3) with time zone not null default (clock_timestamp() + '00:01:00'::interval)
);

create table perennial.task_count (
  seen_by perennial.id not null,
  organisation perennial.id not null,
  queue text not null,
  shard smallint not null,
  open integer not null,
  held integer not null
);

create table perennial.trace (
  organisation perennial.id not null,
  command perennial.id not null,
  context text not null,
  noted_at timestamp with time zone not null default clock_timestamp()
);

create table perennial.watch (
  id perennial.id not null,
  because text not null,
  began_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone not null,
  looked_at jsonb not null,
  remarks jsonb not null
);

create table perennial.webhook_cursor (
  endpoint perennial.id not null,
  organisation perennial.id not null,
  place bigint not null,
  taken_at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  failing_since timestamp with time zone,
  seen integer not null default 0,
  listens boolean not null default false
);

create table perennial.webhook_delivery (
  id perennial.id not null,
  endpoint perennial.id not null,
  organisation perennial.id not null,
  entry perennial.id not null,
  place bigint not null,
  type text not null,
  subject perennial.id not null,
  status text not null default 'pending'::text,
  attempts integer not null default 0,
  lease integer not null default 0,
  leased_until timestamp with time zone,
  next_at timestamp with time zone,
  last_status integer,
  last_error text,
  made_at timestamp with time zone not null default clock_timestamp(),
  delivered_at timestamp with time zone
);

create table perennial.webhook_secret (
  id perennial.id not null,
  kind text not null,
  secret bytea not null,
  made_at timestamp with time zone not null default clock_timestamp()
);

-- sequences

sequence perennial.ledger_entry_position_seq: cache 1
sequence perennial.password_link_id_seq: cache 1

-- constraints

alter table perennial.agenda add constraint agenda_at_check CHECK (at = ANY (ARRAY['passed'::text, 'morning'::text]));
alter table perennial.agenda add constraint agenda_pkey PRIMARY KEY (process, place);
alter table perennial.agenda add constraint agenda_process_fkey FOREIGN KEY (process) REFERENCES perennial.process(id) ON DELETE CASCADE;
alter table perennial.calendar_feed add constraint calendar_feed_hash_check CHECK (hash ~ '^[0-9a-f]{64}$'::text);
alter table perennial.calendar_feed add constraint calendar_feed_hash_key UNIQUE (hash);
alter table perennial.calendar_feed add constraint calendar_feed_pkey PRIMARY KEY (id);
alter table perennial.credential add constraint credential_hash_check CHECK (hash ~ '^[0-9a-f]{64}$'::text);
alter table perennial.credential add constraint credential_pkey PRIMARY KEY (hash);
alter table perennial.event add constraint event_once UNIQUE (seen_by, "position");
alter table perennial.event add constraint event_pkey PRIMARY KEY (seen_by, sequence);
alter table perennial.evidence_content add constraint evidence_content_bytes_check CHECK (bytes >= 0);
alter table perennial.evidence_content add constraint evidence_content_pkey PRIMARY KEY (organisation, sha256);
alter table perennial.evidence_content add constraint evidence_content_sha256_check CHECK (sha256 ~ '^[0-9a-f]{64}$'::text);
alter table perennial.feed add constraint feed_pkey PRIMARY KEY (seen_by);
alter table perennial.heartbeat add constraint heartbeat_pkey PRIMARY KEY (duty);
alter table perennial.idempotency_record add constraint idempotency_record_pkey PRIMARY KEY (organisation, principal, route, key);
alter table perennial.identity add constraint identity_address_check CHECK (address ~ '^[0-9a-f]{64}$'::text);
alter table perennial.identity add constraint identity_issuer_subject_key UNIQUE (issuer, subject);
alter table perennial.identity add constraint identity_pkey PRIMARY KEY (id);
alter table perennial.identity_flow add constraint identity_flow_browser_check CHECK (browser ~ '^[0-9a-f]{64}$'::text);
alter table perennial.identity_flow add constraint identity_flow_pkey PRIMARY KEY (state);
alter table perennial.identity_flow add constraint identity_flow_state_check CHECK (state ~ '^[0-9a-f]{64}$'::text);
alter table perennial.identity_proof add constraint identity_proof_hash_check CHECK (hash ~ '^[0-9a-f]{64}$'::text);
alter table perennial.identity_proof add constraint identity_proof_pkey PRIMARY KEY (hash);
alter table perennial.installation add constraint installation_only_one_check CHECK (only_one);
alter table perennial.installation add constraint installation_only_one_key UNIQUE (only_one);
alter table perennial.installation add constraint installation_pkey PRIMARY KEY (organisation);
alter table perennial.key_use add constraint key_use_pkey PRIMARY KEY (key);
alter table perennial.ledger_entry add constraint ledger_entry_body_check CHECK (octet_length(body) <= 65535);
alter table perennial.ledger_entry add constraint ledger_entry_check CHECK (leaf_hash = sha256('\x00'::bytea || body));
alter table perennial.ledger_entry add constraint ledger_entry_command UNIQUE (organisation, command, ordinal);
alter table perennial.ledger_entry add constraint ledger_entry_ordinal_check CHECK (ordinal >= 0);
alter table perennial.ledger_entry add constraint ledger_entry_pkey PRIMARY KEY ("position");
alter table perennial.ledger_entry add constraint ledger_entry_version UNIQUE (stream, version);
alter table perennial.ledger_entry add constraint ledger_entry_version_check CHECK (version > 0);
alter table perennial.notice_copy add constraint notice_copy_check CHECK ((day IS NULL) = (way <> 'digest'::text));
alter table perennial.notice_copy add constraint notice_copy_pkey PRIMARY KEY (notice, person);
alter table perennial.notice_copy add constraint notice_copy_way_check CHECK (way = ANY (ARRAY['mail'::text, 'later'::text, 'digest'::text]));
alter table perennial.notice_reader add constraint notice_reader_pkey PRIMARY KEY (person, notice);
alter table perennial.number_series add constraint number_series_last_check CHECK (last > 0);
alter table perennial.number_series add constraint number_series_pkey PRIMARY KEY (organisation, series);
alter table perennial.obligation add constraint obligation_kind_check CHECK (kind = ANY (ARRAY['hard'::text, 'soft'::text]));
alter table perennial.obligation add constraint obligation_pkey PRIMARY KEY (stream, key);
alter table perennial.operation add constraint operation_pkey PRIMARY KEY (id);
alter table perennial.operation add constraint operation_sandbox_fkey FOREIGN KEY (sandbox) REFERENCES perennial.sandbox(id) ON DELETE CASCADE;
alter table perennial.operation add constraint operation_status_check CHECK (status = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text]));
alter table perennial.outage add constraint outage_pkey PRIMARY KEY (id);
alter table perennial.outage_item add constraint outage_item_kind_check CHECK (kind = ANY (ARRAY['late'::text, 'withdrawn'::text, 'failed'::text, 'passed'::text]));
alter table perennial.outage_item add constraint outage_item_outage_fkey FOREIGN KEY (outage) REFERENCES perennial.outage(id) ON DELETE CASCADE;
alter table perennial.outage_item add constraint outage_item_pkey PRIMARY KEY (outage, kind, stream, obligation);
alter table perennial.parking add constraint parking_pkey PRIMARY KEY (process);
alter table perennial.parking add constraint parking_process_fkey FOREIGN KEY (process) REFERENCES perennial.process(id) ON DELETE CASCADE;
alter table perennial.password add constraint password_address_check CHECK (address ~ '^[0-9a-f]{64}$'::text);
alter table perennial.password add constraint password_pkey PRIMARY KEY (address, human);
alter table perennial.password_link add constraint password_link_hash_check CHECK (hash ~ '^[0-9a-f]{64}$'::text);
alter table perennial.password_link add constraint password_link_hash_key UNIQUE (hash);
alter table perennial.password_link add constraint password_link_pkey PRIMARY KEY (id);
alter table perennial.password_link add constraint password_link_purpose_check CHECK (purpose = ANY (ARRAY['invitation'::text, 'reset'::text]));
alter table perennial.placed add constraint placed_pkey PRIMARY KEY ("position");
alter table perennial.private_content add constraint private_content_pkey PRIMARY KEY (commitment);
alter table perennial.private_content add constraint private_content_salt_check CHECK (octet_length(salt) = 32);
alter table perennial.process add constraint process_pkey PRIMARY KEY (id);
alter table perennial.process add constraint process_status_check CHECK (status = ANY (ARRAY['open'::text, 'closed'::text]));
alter table perennial.process add constraint process_subject_key UNIQUE (subject);
alter table perennial.programme_party add constraint programme_party_pkey PRIMARY KEY (programme, organisation, side);
alter table perennial.programme_party add constraint programme_party_side_check CHECK (side = ANY (ARRAY['client'::text, 'certificationBody'::text]));
alter table perennial.sandbox add constraint sandbox_pkey PRIMARY KEY (id);
alter table perennial.sandbox_member add constraint sandbox_member_pkey PRIMARY KEY (organisation);
alter table perennial.sandbox_member add constraint sandbox_member_sandbox_fkey FOREIGN KEY (sandbox) REFERENCES perennial.sandbox(id) ON DELETE CASCADE;
alter table perennial.sequencer add constraint sequencer_one_check CHECK (one);
alter table perennial.sequencer add constraint sequencer_pkey PRIMARY KEY (one);
alter table perennial.stream add constraint stream_pkey PRIMARY KEY (id);
alter table perennial.stream add constraint stream_version_check CHECK (version > 0);
alter table perennial.stream add constraint stream_visibility_check CHECK (visibility = ANY (ARRAY['both'::text, 'owner'::text]));
alter table perennial.task add constraint task_id_fkey FOREIGN KEY (id) REFERENCES perennial.stream(id) ON DELETE CASCADE;
alter table perennial.task add constraint task_pkey PRIMARY KEY (id);
alter table perennial.task_count add constraint task_count_pkey PRIMARY KEY (seen_by, organisation, queue, shard);
alter table perennial.trace add constraint trace_context_check CHECK (context ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$'::text);
alter table perennial.trace add constraint trace_pkey PRIMARY KEY (organisation, command);
alter table perennial.watch add constraint watch_because_check CHECK (because = ANY (ARRAY['schedule'::text, 'asked'::text]));
alter table perennial.watch add constraint watch_pkey PRIMARY KEY (id);
alter table perennial.webhook_cursor add constraint webhook_cursor_pkey PRIMARY KEY (endpoint);
alter table perennial.webhook_delivery add constraint webhook_delivery_once UNIQUE (endpoint, place);
alter table perennial.webhook_delivery add constraint webhook_delivery_pkey PRIMARY KEY (id);
alter table perennial.webhook_delivery add constraint webhook_delivery_status_check CHECK (status = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text]));
alter table perennial.webhook_secret add constraint webhook_secret_kind_check CHECK (kind = ANY (ARRAY['v1'::text, 'v1a'::text]));
alter table perennial.webhook_secret add constraint webhook_secret_pkey PRIMARY KEY (id);

-- indexes

CREATE INDEX calendar_feed_person ON perennial.calendar_feed USING btree (person, id);
CREATE INDEX credential_principal ON perennial.credential USING btree (principal);
CREATE INDEX identity_human ON perennial.identity USING btree (human, address);
CREATE INDEX identity_flow_begun ON perennial.identity_flow USING btree (begun_at);
CREATE INDEX identity_proof_made ON perennial.identity_proof USING btree (made_at);
CREATE INDEX knock_about ON perennial.knock USING btree (about, place, at);
CREATE INDEX knock_at ON perennial.knock USING btree (at);
CREATE INDEX knock_place ON perennial.knock USING btree (place, at);
CREATE INDEX notice_copy_day ON perennial.notice_copy USING btree (person, day) WHERE (sent_at IS NULL);
CREATE INDEX notice_copy_due ON perennial.notice_copy USING btree (due_at) WHERE (sent_at IS NULL);
CREATE INDEX notice_copy_sent ON perennial.notice_copy USING btree (sent_at);
CREATE INDEX notice_reader_notice ON perennial.notice_reader USING btree (notice);
CREATE INDEX notice_reader_page ON perennial.notice_reader USING btree (person, ordered_at, notice) INCLUDE (organisation, programme, read_at);
CREATE INDEX notice_reader_unread ON perennial.notice_reader USING btree (person, ordered_at, notice) INCLUDE (organisation, programme) WHERE (read_at IS NULL);
CREATE INDEX obligation_due ON perennial.obligation USING btree (due, stream);
CREATE UNIQUE INDEX operation_one_clock ON perennial.operation USING btree (sandbox) WHERE ((kind = 'clock-advance'::text) AND (status = ANY (ARRAY['queued'::text, 'running'::text])));
CREATE INDEX operation_work ON perennial.operation USING btree (kind, made_at) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE UNIQUE INDEX outage_open ON perennial.outage USING btree (((caught_up_at IS NULL))) WHERE (caught_up_at IS NULL);
CREATE INDEX parking_due ON perennial.parking USING btree (next_due, process) WHERE (next_due IS NOT NULL);
CREATE INDEX password_human ON perennial.password USING btree (human);
CREATE INDEX password_link_address ON perennial.password_link USING btree (address) WHERE (used_at IS NULL);
CREATE INDEX password_link_asked ON perennial.password_link USING btree (asked_at);
CREATE INDEX password_link_due ON perennial.password_link USING btree (due_at) WHERE (sent_at IS NULL);
CREATE INDEX password_link_principal ON perennial.password_link USING btree (principal, asked_at);
CREATE INDEX private_content_mail ON perennial.private_content USING btree (lower((content COLLATE "C"))) WHERE (name = 'mail'::text);
CREATE INDEX private_content_stream ON perennial.private_content USING btree (stream);
CREATE INDEX process_open ON perennial.process USING btree (organisation, id) WHERE (status = 'open'::text);
CREATE INDEX process_untold ON perennial.process USING btree (id) WHERE (told < last);
CREATE INDEX programme_party_organisation ON perennial.programme_party USING btree (organisation, programme);
CREATE INDEX sandbox_member_sandbox ON perennial.sandbox_member USING btree (sandbox);
CREATE INDEX stream_about ON perennial.stream USING btree (about, kind) WHERE (about IS NOT NULL);
CREATE INDEX stream_human ON perennial.stream USING btree (((state ->> 'human'::text))) WHERE (kind = 'person'::text);
CREATE UNIQUE INDEX stream_key ON perennial.stream USING btree (((state ->> 'hash'::text))) WHERE (kind = 'apiKey'::text);
CREATE INDEX stream_number ON perennial.stream USING btree (number) WHERE (number IS NOT NULL);
CREATE INDEX stream_ordered ON perennial.stream USING btree (id) WHERE ((kind = 'notice'::text) AND (stage = 'ordered'::text));
CREATE INDEX stream_organisation ON perennial.stream USING btree (organisation, kind, created_at, id);
CREATE INDEX stream_programme ON perennial.stream USING btree (programme, kind, id);
CREATE INDEX stream_queue ON perennial.stream USING btree (organisation, ((state ->> 'queue'::text)), stage) WHERE (kind = 'task'::text);
CREATE INDEX stream_shared ON perennial.stream USING btree (shared_with, kind, created_at, id) WHERE (shared_with IS NOT NULL);
CREATE INDEX task_done ON perennial.task USING btree (done_by, ended_at, id) INCLUDE (organisation, shared_with) WHERE (done_by IS NOT NULL);
CREATE INDEX task_ended ON perennial.task USING btree (organisation, queue, ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX task_held ON perennial.task USING btree (organisation, due, id) INCLUDE (shared_with, holder, queue, snoozed_until) WHERE (live AND (holder IS NOT NULL));
CREATE INDEX task_holder ON perennial.task USING btree (holder, due, id) INCLUDE (organisation, shared_with, snoozed_until, queue) WHERE live;
CREATE INDEX task_look ON perennial.task USING btree (look_at) WHERE live;
CREATE INDEX task_programme ON perennial.task USING btree (programme) WHERE (programme IS NOT NULL);
CREATE INDEX task_queue ON perennial.task USING btree (organisation, queue, due, id) INCLUDE (shared_with, programme) WHERE (live AND (holder IS NULL));
CREATE INDEX task_raised ON perennial.task USING btree (organisation, due, id) INCLUDE (shared_with, holder, queue, programme, urgent, level, nobody_left) WHERE (live AND (urgent OR (level > 0) OR nobody_left));
CREATE INDEX task_shared ON perennial.task USING btree (shared_with, due, id) INCLUDE (organisation, queue, snoozed_until) WHERE live;
CREATE INDEX trace_noted ON perennial.trace USING btree (noted_at);
CREATE INDEX webhook_delivery_due ON perennial.webhook_delivery USING btree (endpoint, next_at) WHERE ((status = 'pending'::text) AND (next_at IS NOT NULL));
CREATE INDEX webhook_delivery_endpoint ON perennial.webhook_delivery USING btree (endpoint, id);
CREATE INDEX webhook_delivery_leased ON perennial.webhook_delivery USING btree (endpoint, leased_until) WHERE (leased_until IS NOT NULL);
CREATE INDEX webhook_delivery_made ON perennial.webhook_delivery USING btree (made_at) WHERE (status <> 'pending'::text);
CREATE INDEX webhook_delivery_organisation ON perennial.webhook_delivery USING btree (organisation, id);
CREATE INDEX webhook_delivery_subject ON perennial.webhook_delivery USING btree (endpoint, subject, place) WHERE (status = 'pending'::text);

-- functions

CREATE OR REPLACE FUNCTION perennial.accounts_at(mail text)
 RETURNS TABLE(principal text, organisation text, human text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
BEGIN ATOMIC
 SELECT s.id,
     s.organisation,
     (s.state ->> 'human'::text)
    FROM (perennial.private_content t
      JOIN perennial.stream s ON (((s.id)::text = (t.stream)::text)))
   WHERE ((t.name = 'mail'::text) AND (lower((t.content COLLATE "C")) = lower((accounts_at.mail COLLATE "C"))) AND (s.kind = 'person'::text) AND (s.stage <> 'departed'::text) AND (((s.state -> 'texts'::text) ->> 'mail'::text) = t.commitment) AND (NOT perennial.in_sandbox((s.organisation)::text)))
   ORDER BY s.created_at, s.id;
END;

CREATE OR REPLACE FUNCTION perennial.accounts_of(people text[])
 RETURNS SETOF text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
BEGIN ATOMIC
 SELECT o.id
    FROM (perennial.stream p
      JOIN perennial.stream o ON (((o.kind = 'person'::text) AND ((o.state ->> 'human'::text) = (p.state ->> 'human'::text)))))
   WHERE (((p.id)::text = ANY (accounts_of.people)) AND (p.kind = 'person'::text));
END;

CREATE OR REPLACE FUNCTION perennial.add_credential(hash text, principal text, organisation text, expires_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  insert into credential (hash, principal, organisation, expires_at) values ($1, $2, $3, $4);
$function$;

CREATE OR REPLACE FUNCTION perennial.add_session(hash text, account text, device text, identity text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
begin
  update credential c set revoked_at = clock_timestamp() where c.hash in (
    select o.hash from credential o where o.principal = account and o.revoked_at is null order by o.made_at desc offset 49);
  insert into credential (hash, principal, organisation, expires_at, idle_until, device, identity)
    select add_session.hash, s.id, s.organisation, clock_timestamp() + interval '7 days', clock_timestamp() + interval '12 hours',
      add_session.device, add_session.identity
    from stream s where s.id = account;
  return iso(clock_timestamp() + interval '7 days');
end $function$;

CREATE OR REPLACE FUNCTION perennial.address_of(mail text)
 RETURNS text
 LANGUAGE sql
 STABLE
RETURN encode(sha256(convert_to(lower((mail COLLATE "C")), 'UTF8'::name)), 'hex'::text);

CREATE OR REPLACE FUNCTION perennial.all_ended(before xid8)
 RETURNS boolean
 LANGUAGE sql
 STABLE
RETURN ((before <= pg_snapshot_xmin(pg_current_snapshot())) OR (before > pg_snapshot_xmax(pg_current_snapshot())));

CREATE OR REPLACE FUNCTION perennial.as_read(thing perennial.stream)
 RETURNS json
 LANGUAGE sql
 IMMUTABLE
RETURN json_build_object('version', (thing).version, 'visibility', (thing).visibility, 'thing', (thing).state);

CREATE OR REPLACE FUNCTION perennial.ask_for_link(mail text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
begin
  perform pg_advisory_xact_lock(hashtextextended(address_of(ask_for_link.mail), 0));
  insert into password_link (principal, purpose)
    select a.principal, 'reset' from (select * from accounts_at(ask_for_link.mail) limit 1) a
      where (select count(*) from password_link l
        where l.principal = a.principal and l.asked_at > clock_timestamp() - interval '1 hour') < 5;
end $function$;

CREATE OR REPLACE FUNCTION perennial.begin_flow(state text, browser text, provider text, nonce text, verifier text, challenge text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  insert into identity_flow (state, browser, provider, nonce, verifier, challenge) values ($1, $2, $3, $4, $5, $6);
$function$;

CREATE OR REPLACE FUNCTION perennial.count_task(t perennial.task, change integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
begin
  if t.live is not true then return; end if;
  insert into task_count as c (seen_by, organisation, queue, shard, open, held)
    select seer, t.organisation, t.queue, pg_backend_pid() % 32,
      case when t.holder is null then change else 0 end, case when t.holder is null then 0 else change end
    from unnest(array[t.organisation, t.shared_with]) seer where seer is not null order by seer
    on conflict (seen_by, organisation, queue, shard) do update
      set (open, held) = (c.open + excluded.open, c.held + excluded.held);
end $function$;

CREATE OR REPLACE FUNCTION perennial.drop_webhook_secrets(names text[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  delete from webhook_secret k where k.id = any ($1) and not exists (
    select from webhook_cursor c join stream s on s.id = c.endpoint
      where k.id in (s.state->>'signsWith', s.state->>'signedWith', s.state->>'pairedWith'));
$function$;

CREATE OR REPLACE FUNCTION perennial.end_flow(state text, browser text, provider text)
 RETURNS jsonb
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  delete from identity_flow f where f.state = $1 and f.browser = $2 and f.provider = $3
      and f.begun_at > clock_timestamp() - interval '10 minutes'
    returning jsonb_build_object('nonce', f.nonce, 'verifier', f.verifier, 'challenge', f.challenge);
$function$;

CREATE OR REPLACE FUNCTION perennial.end_session(principal text, session text)
 RETURNS boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  with ended as (update credential c set revoked_at = clock_timestamp()
    where c.principal = $1 and session_id(c.hash) = $2 and c.revoked_at is null returning true)
  select exists (select from ended);
$function$;

CREATE OR REPLACE FUNCTION perennial.end_webhook(delivery text, lease integer, came jsonb)
 RETURNS double precision
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  arrived boolean := (came->>'arrived')::boolean;
  again timestamptz := clock_timestamp() + (came->>'againMs')::float8 * interval '1 ms';
  done webhook_delivery;
  failing timestamptz;
begin
  perform from webhook_cursor c where c.endpoint = (select d.endpoint from webhook_delivery d where d.id = end_webhook.delivery)
    for no key update;
  update webhook_delivery d
    set status = case when arrived then 'delivered' when again is null then 'failed' else 'pending' end,
      leased_until = null, next_at = case when not arrived then again end,
      last_status = (came->>'status')::integer, last_error = came->>'error',
      delivered_at = case when arrived then clock_timestamp() else d.delivered_at end
    where d.id = end_webhook.delivery and d.status = 'pending' and (arrived or d.lease = end_webhook.lease)
    returning * into done;
  if not found then return null; end if;
  if done.status <> 'pending' then
    update webhook_delivery n set next_at = clock_timestamp() where n.next_at is null and n.id = (
      select w.id from webhook_delivery w where w.endpoint = done.endpoint and w.subject = done.subject and w.status = 'pending'
        order by w.place limit 1);
  end if;
  update webhook_cursor c set failing_since = case when not arrived then coalesce(c.failing_since, clock_timestamp()) end
    where c.endpoint = done.endpoint returning c.failing_since into failing;
  return extract(epoch from clock_timestamp() - failing) * 1000;
end $function$;

CREATE OR REPLACE FUNCTION perennial.engine_room(kind text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN (kind = ANY (ARRAY['organisation'::text, 'person'::text, 'apiKey'::text, 'policyVersion'::text]));

CREATE OR REPLACE FUNCTION perennial.find_calendar(hash text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN (SELECT jsonb_build_object('organisation', c.organisation, 'person', c.person, 'shows', c.shows, 'windows', c.windows, 'alarms', to_jsonb(c.alarms), 'over', ((p.stage = 'departed'::text) OR (o.stage = 'closed'::text)), 'rests', COALESCE((c.fetched_at < (clock_timestamp() - '00:01:00'::interval)), true)) AS jsonb_build_object FROM ((perennial.calendar_feed c JOIN perennial.stream p ON (((p.id)::text = (c.person)::text))) JOIN perennial.stream o ON (((o.id)::text = (c.organisation)::text))) WHERE (c.hash = find_calendar.hash));

CREATE OR REPLACE FUNCTION perennial.find_credential(hash text)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
declare
  held credential;
  who stream;
  clock sandbox;
begin
  select * into held from credential c where c.hash = find_credential.hash and c.revoked_at is null
    and least(c.expires_at, c.idle_until) > clock_timestamp();
  if held.principal is not null then
    select * into who from stream where id = held.principal and stage <> 'departed';
  else
    select * into who from stream where kind = 'apiKey' and state->>'hash' = find_credential.hash and stage = 'active';
  end if;
  if who.id is null then return null; end if;
  select b.* into clock from sandbox b where b.id = (select sandbox from sandbox_member where organisation = who.organisation);
  clock.now := coalesce(clock.now, clock_timestamp());
  if who.kind = 'person' then
    return jsonb_build_object('principal', who.id, 'organisation', held.organisation, 'auth', session_id(held.hash), 'scopes', '[]'::jsonb,
      'holds', jsonb_path_exists(who.state, '$.grants[*] ? (@.from <= $tomorrow && (!exists(@.until) || @.until >= $yesterday))',
        jsonb_build_object('tomorrow', clock.now::date + 1, 'yesterday', clock.now::date - 1)),
      'rests', held.idle_until < clock_timestamp() + interval '11 hours 50 minutes');
  end if;
  if (who.state->>'expiresOn' >= left(iso(clock.now), 10)) is not true then return null; end if;
  return jsonb_build_object('principal', who.id, 'organisation', who.organisation, 'auth', who.id,
    'scopes', coalesce(who.state->'scopes', '[]'), 'holds', true,
    'rests', not exists (select from key_use u where u.key = who.id and u.used_at > clock_timestamp() - interval '1 hour'));
end $function$;

CREATE OR REPLACE FUNCTION perennial.find_link(hash text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN (SELECT jsonb_build_object('mail', t.content, 'name', n.content, 'human', (s.state ->> 'human'::text)) AS jsonb_build_object FROM (((perennial.password_link l JOIN perennial.stream s ON ((((s.id)::text = (l.principal)::text) AND (s.stage <> 'departed'::text)))) JOIN perennial.private_content t ON ((t.commitment = ((s.state -> 'texts'::text) ->> 'mail'::text)))) LEFT JOIN perennial.private_content n ON ((n.commitment = ((s.state -> 'texts'::text) ->> 'name'::text)))) WHERE ((l.hash = find_link.hash) AND (l.used_at IS NULL) AND (l.expires_at > clock_timestamp()) AND (l.address = perennial.address_of(t.content))));

CREATE OR REPLACE FUNCTION perennial.find_password(mail text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN (WITH known AS (SELECT accounts_at.principal, accounts_at.organisation, accounts_at.human FROM perennial.accounts_at(find_password.mail) accounts_at(principal, organisation, human)), kept AS (SELECT p.human, p.phc FROM perennial.password p WHERE ((p.address = perennial.address_of(find_password.mail)) AND ((p.human)::text IN (SELECT k.human FROM known k))) ORDER BY p.set_at DESC LIMIT 1) SELECT jsonb_build_object('phc', (SELECT kept.phc FROM kept), 'accounts', COALESCE((SELECT jsonb_agg(jsonb_build_object('principal', k.principal, 'organisation', k.organisation)) AS jsonb_agg FROM known k WHERE (k.human = ((SELECT kept.human FROM kept))::text)), '[]'::jsonb)) AS jsonb_build_object);

CREATE OR REPLACE FUNCTION perennial.find_proof(hash text, challenge text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  select jsonb_build_object('accounts', (select
      coalesce(jsonb_agg(jsonb_build_object('principal', a.principal, 'organisation', a.organisation)), '[]')
      from identity i, opened_by(i.human, i.address) a where i.issuer = p.issuer and i.subject = p.subject))
    from identity_proof p
    where p.hash = $1 and p.challenge = $2 and p.made_at > clock_timestamp() - interval '10 minutes';
$function$;

CREATE OR REPLACE FUNCTION perennial.follow_count()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
begin
  if tg_op <> 'INSERT' then perform count_task(old, -1); end if;
  if tg_op <> 'DELETE' then perform count_task(new, 1); end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION perennial.follow_notice()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
begin
  if new.stage = 'withdrawn' then delete from notice_reader r where r.notice = new.id;
  else
    insert into notice_reader (person, notice, organisation, programme, ordered_at)
      select r.* from notice_reader_row r where r.notice = new.id on conflict do nothing;
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION perennial.follow_party()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
begin
  update stream s set shared_with = other_side(s.programme, s.organisation)
    where s.programme = new.programme and s.visibility = 'both'
      and s.shared_with is distinct from other_side(s.programme, s.organisation);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION perennial.follow_person()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
begin
  update task t set look_at = clock_timestamp()
    where t.organisation = new.organisation and t.live
      and (t.nobody_left or t.queue in (select g->>'role' from jsonb_array_elements(old.state->'grants') g));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION perennial.follow_task()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
begin
  insert into task as t select * from task_row r where r.id = new.id
    on conflict (id) do update
      set (shared_with, holder, live, due, snoozed_until, done_by, ended_at, urgent, level, nobody_left, look_at)
        = (excluded.shared_with, excluded.holder, excluded.live, excluded.due, excluded.snoozed_until, excluded.done_by,
          excluded.ended_at, excluded.urgent, excluded.level, excluded.nobody_left, clock_timestamp() + interval '1 minute');
  return null;
end $function$;

CREATE OR REPLACE FUNCTION perennial.follow_webhook()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  told bigint := coalesce((select f.last from feed f where f.seen_by = new.organisation), 0);
begin
  if tg_op = 'INSERT' then
    insert into webhook_cursor (endpoint, organisation, place) values (new.id, new.organisation, told) on conflict do nothing;
  elsif new.stage = 'active' and old.stage <> 'active' then
    update webhook_cursor c
      set place = case when c.seen < old.version then c.place else greatest(c.place, told) end, failing_since = null
      where c.endpoint = new.id;
  elsif new.stage = 'removed' then
    perform from webhook_cursor c where c.endpoint = new.id for no key update;
    update webhook_delivery d set (status, last_error, leased_until, next_at) = ('failed', 'endpoint-removed', null, null)
      where d.endpoint = new.id and d.status = 'pending';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION perennial.forget_knocks(mail text, place text, most integer)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  delete from knock k where k.ctid = any (array(
    select o.ctid from knock o where o.about = address_of($1) and o.place = $2 order by o.at desc limit $3 for update skip locked));
$function$;

CREATE OR REPLACE FUNCTION perennial.forget_password()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
begin
  update credential c set revoked_at = clock_timestamp() where c.principal = new.id and c.revoked_at is null;
  delete from password p where p.human = new.state->>'human'
    and not exists (select from opened_by(p.human, p.address) a);
  delete from identity i where i.human = new.state->>'human'
    and not exists (select from opened_by(i.human, i.address) a);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION perennial.found_by(ask jsonb, subject perennial.stream, above perennial.stream, actor perennial.stream, clock perennial.sandbox)
 RETURNS json
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  who text := ask->>'organisation';
  joined text := coalesce(programme_of(subject), programme_of(above));
  owner text := coalesce(subject.organisation, above.organisation, who);
  sides text[] := array(select organisation from programme_party where programme = joined and until is null);
  hands text[] := array[actor.id];
  humans text[] := array[case when actor.kind = 'person' then actor.state->>'human' end];
  known text[] := '{}';
  kinds text[];
  wanted text[];
  visiting boolean := false;
  agreed text;
  things json;
begin
  if actor.state @? '$.grants[*].for' then
    hands := hands || array(select g->'for'->>'account' from jsonb_array_elements(actor.state->'grants') g where g ? 'for');
  end if;
  if ask ? 'address' and not in_sandbox(above.organisation) then
    known := array(select a.principal from accounts_at(ask->>'address') a);
  end if;
  wanted := known || sides || array[joined, owner, who, subject.about, above.about];
  if subject.id is not null then
    if subject.kind = 'task' then
      hands := hands || array[subject.state->>'claimant', subject.state->'handed'->'for'->>'account'];
      wanted := wanted || array(select about::text from stream where id = subject.about);
    else
      hands := hands || array(select t.state->'handed'->'for'->>'account' from stream t where t.kind = 'task' and t.stage = 'claimed'
        and t.about = subject.id and t.state->'handed'->>'to' = actor.id);
    end if;
    if subject.kind = 'person' then
      wanted := wanted || array(select id::text from task where holder = subject.id and live);
    end if;
    if subject.state->'texts' ? 'agreedTo' then
      select content into agreed from private_content where commitment = subject.state->'texts'->>'agreedTo';
    end if;
  end if;
  if ask->'kinds' <> '[]' then
    kinds := array(select jsonb_array_elements_text(ask->'kinds'));
    wanted := wanted || array(
      select id from stream where programme = joined and kind = any (kinds)
      union all select id from stream where programme is null and organisation = any (sides || owner) and kind = any (kinds)
      union all select id from stream where kind = 'task' and stage in ('open', 'claimed') and programme = joined);
  end if;
  if ask->'holders' <> '[]' then
    wanted := wanted || array(select p.id::text from stream p
      where p.kind = 'person' and p.organisation = any (case when joined is null then array[owner] else sides end)
        and exists (select from jsonb_array_elements(p.state->'grants') g where ask->'holders' ? (g->>'role')));
  end if;
  if clock.id is not null then
    visiting := not exists (select from sandbox_member where organisation = who);
  end if;
  if cardinality(hands) > 1 then
    humans := humans || array(select state->>'human' from stream where id = any (hands) and kind = 'person');
  end if;
  select json_agg(as_read(t) order by t.id) into things from stream t
    where t.id is distinct from subject.id and t.id = any (wanted || array(
      select id from stream where kind = 'policyVersion' and organisation = any (sides || owner)
      union all select id from stream where about = any (hands) and kind <> 'task'
      union all select id from stream where kind = 'person' and state->>'human' = any (humans)
      union all select id from stream where kind = 'task' and stage in ('open', 'claimed') and about in (subject.id, above.id)));
  return json_build_object(
    'subject', case when subject.id is not null then as_read(subject) end,
    'under', case when above.id is not null then as_read(above) end,
    'principal', case when actor.id is not null then as_read(actor) end,
    'visiting', visiting,
    'owner', owner,
    'things', coalesce(things, '[]'),
    'atAddress', to_json(known),
    'sandbox', case when clock.id is not null then
      json_build_object('id', clock.id, 'zone', clock.zone, 'now', iso(clock.now), 'seed', clock.seed) end,
    'agreed', agreed);
end $function$;

CREATE OR REPLACE FUNCTION perennial.identities_of(principal text, before text, most integer)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'issuer', o.issuer, 'subject', o.subject, 'linkedAt', iso(o.linked_at),
      'usedAt', iso(o.used_at)) order by o.id desc), '[]')
    from (select i.* from identity i join stream s on s.id = $1 and s.kind = 'person' and s.state->>'human' = i.human
      where i.address = address_of(mail_of(s.id)) and ($2 is null or i.id < $2) order by i.id desc limit $3) o;
$function$;

CREATE OR REPLACE FUNCTION perennial.in_sandbox(organisation text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN (EXISTS (SELECT FROM perennial.sandbox_member m WHERE ((m.organisation)::text = in_sandbox.organisation)));

CREATE OR REPLACE FUNCTION perennial.invite()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
begin
  if not in_sandbox(new.organisation) and not exists (select from password_link l where l.principal = new.id) then
    insert into password_link (principal, purpose) values (new.id, 'invitation');
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION perennial.is_over(hash text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN ((EXISTS (SELECT FROM perennial.credential c WHERE ((c.hash = is_over.hash) AND (c.revoked_at IS NULL) AND (LEAST(c.expires_at, c.idle_until) <= clock_timestamp())))) OR (EXISTS (SELECT FROM ((perennial.stream k LEFT JOIN perennial.sandbox_member m ON (((m.organisation)::text = (k.organisation)::text))) LEFT JOIN perennial.sandbox b ON (((b.id)::text = (m.sandbox)::text))) WHERE ((k.kind = 'apiKey'::text) AND ((k.state ->> 'hash'::text) = is_over.hash) AND (k.stage = 'active'::text) AND ((k.state ->> 'expiresOn'::text) < "left"(perennial.iso(COALESCE(b.now, clock_timestamp())), 10))))));

CREATE OR REPLACE FUNCTION perennial.is_recorded(sha256 text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  select exists (select from stream s where s.kind = 'evidence' and s.state->>'sha256' = is_recorded.sha256);
$function$;

CREATE OR REPLACE FUNCTION perennial.iso(at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
RETURN to_char((at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'::text);

CREATE OR REPLACE FUNCTION perennial.keep_apart()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  act jsonb := convert_from(new.body, 'UTF8')::jsonb;
  who text[] := array(select unnest(array[p.id, p.state->>'human']) from stream p
    where p.kind = 'person' and p.id in (new.actor, act->'actor'->>'for'));
  thing stream;
  before jsonb;
begin
  if act ? 'mirrored' or cardinality(who) = 0 then return null; end if;
  select * into thing from stream where id = new.stream;
  before := case new.type
    when 'task.done' then (select jsonb_build_array(a.state->'awaited'->'by', a.state->'awaited'->'actingFor') from stream a
      where a.id = thing.about and a.state->'awaited'->>'command' = thing.state->>'asks')
    when 'role.granted' then jsonb_build_array(thing.state->'human')
    when 'competence.qualified' then (select jsonb_build_array(p.state->'human') from stream p where p.id = thing.about)
    when 'competence.requalified' then (select jsonb_build_array(p.state->'human') from stream p where p.id = thing.about)
    when 'policy.approved' then jsonb_build_array(thing.state->'draftedBy')
    when 'step.completed' then jsonb_build_array(thing.state->'submittedBy')
    when 'nonconformity.plan-accepted' then thing.state->'planBy'
    when 'decision.made' then (select jsonb_agg(m) from stream a, jsonb_array_elements(a.state->'everInTeam') m
      where a.id in (select jsonb_array_elements_text(thing.state->'audits')))
    else thing.state->'workedBy' end;
  if before ?| who then
    raise exception '% by somebody whose own work it is about', new.type using errcode = 'check_violation',
      hint = 'Nobody confirms, closes or decides on their own work (SUP-0, SOD-1, SOD-7, SOD-8).';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION perennial.keep_identity(proof text, challenge text, id text, account text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  shown identity_proof;
  mail text := mail_of(account);
  kept text;
begin
  select * into shown from use_proof(keep_identity.proof, keep_identity.challenge);
  if not found then return jsonb_build_object('refused', 'proof-invalid'); end if;
  insert into identity (id, issuer, subject, human, address)
    select keep_identity.id, shown.issuer, shown.subject, s.state->>'human', address_of(mail) from stream s where s.id = account
    on conflict (issuer, subject) do nothing;
  select i.id into kept from identity i join stream s on s.state->>'human' = i.human
    where s.id = account and i.issuer = shown.issuer and i.subject = shown.subject and i.address = address_of(mail) for update of i;
  if not found then return jsonb_build_object('refused', 'identity-taken'); end if;
  return jsonb_build_object('id', kept, 'mail', mail);
end $function$;

CREATE OR REPLACE FUNCTION perennial.keep_proof(hash text, challenge text, issuer text, subject text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  insert into identity_proof (hash, challenge, issuer, subject) values ($1, $2, $3, $4);
$function$;

CREATE OR REPLACE FUNCTION perennial.keep_webhook_secret(id text, kind text, secret bytea)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  insert into webhook_secret (id, kind, secret) values ($1, $2, $3);
$function$;

CREATE OR REPLACE FUNCTION perennial.keeps(sandbox text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN (EXISTS (SELECT FROM perennial.sandbox b WHERE (((b.id)::text = keeps.sandbox) AND ((b.organisation)::text = perennial.mine()))));

CREATE OR REPLACE FUNCTION perennial.kept_organisations()
 RETURNS SETOF text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
BEGIN ATOMIC
 SELECT m.organisation
    FROM (perennial.sandbox_member m
      JOIN perennial.sandbox b ON (((b.id)::text = (m.sandbox)::text)))
   WHERE ((b.organisation)::text = perennial.mine());
END;

CREATE OR REPLACE FUNCTION perennial.link_identity(proof text, challenge text, id text, principal text, session text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  mail text := mail_of(link_identity.principal);
begin
  if not exists (select from stream s where s.id = link_identity.principal and s.kind = 'person' and s.stage <> 'departed'
      and not in_sandbox(s.organisation)) then
    return jsonb_build_object('refused', 'person-required');
  end if;
  perform pg_advisory_xact_lock(hashtextextended(address_of(mail), 0)) where mail is not null;
  if not exists (select from credential c where c.principal = link_identity.principal and c.revoked_at is null
      and session_id(c.hash) = link_identity.session and c.made_at > clock_timestamp() - interval '15 minutes') then
    return jsonb_build_object('refused', 'sign-in-not-fresh');
  end if;
  return keep_identity(link_identity.proof, link_identity.challenge, link_identity.id, link_identity.principal);
end $function$;

CREATE OR REPLACE FUNCTION perennial.link_identity_by_link(proof text, challenge text, id text, link text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  found jsonb := find_link(link_identity_by_link.link);
  whose text := address_of(found->>'mail');
  kept jsonb;
begin
  perform pg_advisory_xact_lock(hashtextextended(whose, 0)) where whose is not null;
  found := find_link(link_identity_by_link.link);
  if found is null then return jsonb_build_object('refused', 'link-invalid'); end if;
  kept := keep_identity(link_identity_by_link.proof, link_identity_by_link.challenge, link_identity_by_link.id,
    (select l.principal from password_link l where l.hash = link_identity_by_link.link));
  if kept ? 'refused' then return kept; end if;
  update password_link l set used_at = clock_timestamp() where l.address = whose and l.used_at is null;
  delete from password p where p.address = whose and p.human = found->>'human';
  delete from identity i where i.address = whose and i.human = found->>'human' and i.id <> kept->>'id';
  update credential c set revoked_at = clock_timestamp()
    where c.revoked_at is null and c.principal in (select a.principal from accounts_at(found->>'mail') a);
  return kept;
end $function$;

CREATE OR REPLACE FUNCTION perennial.lock_command(ask jsonb)
 RETURNS json
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
declare
  who text := ask->>'organisation';
  me text := ask->>'principal';
  thing_id text := ask->>'stream';
  under_id text := ask->>'under';
  turn bigint := hashtextextended(ask->>'lock', 0);
  usual text;
  kept idempotency_record;
  thing stream;
  above stream;
  actor stream;
  place stream;
  clock sandbox;
  people boolean;
  scope text;
  reach text[];
  next integer;
begin
  if not pg_try_advisory_xact_lock(turn) then
    usual := current_setting('lock_timeout');
    perform set_config('lock_timeout', ask->>'patience', true);
    begin
      perform pg_advisory_xact_lock(turn);
    exception when lock_not_available then
      return json_build_object('answer', 'in-flight');
    end;
    perform set_config('lock_timeout', usual, true);
  end if;

  if ask ? 'address' then
    perform pg_advisory_xact_lock(hashtextextended(address_of(ask->>'address'), 0));
  end if;

  if ask ? 'step' then
    if ask ? 'process' then
      select organisation into who from process where id = ask->>'process';
    else
      select organisation into who from stream where id = thing_id;
    end if;
    if not found then return json_build_object('answer', 'not-found'); end if;
    if exists (select from ledger_entry where organisation = who and command = ask->>'step') then
      return json_build_object('answer', 'taken');
    end if;
  end if;
  if thing_id is not null then
    select * into thing from stream where id = thing_id;
  end if;
  if under_id is not null then
    select * into above from stream where id = under_id;
  end if;

  people := coalesce(thing.kind in ('person', 'apiKey'), false) or coalesce(above.kind in ('person', 'apiKey'), false);
  if people then
    select * into actor from stream where id = me; -- locked below
  elsif me is not null then
    select * into actor from stream where id = me for share;
  end if;
  select b.* into clock from sandbox b where b.id = (select m.sandbox from sandbox_member m
    where m.organisation in (thing.organisation, above.organisation, thing_id, who) limit 1) for share;
  if not ask ? 'step' then
    if ask ? 'credential' and (actor.stage = 'departed' or not exists (
      select from credential c where c.hash = ask->>'credential' and c.principal = me and c.revoked_at is null
        and least(c.expires_at, c.idle_until) > clock_timestamp())) then
      return json_build_object('answer', 'signed-out');
    end if;
    select * into kept from idempotency_record r
      where r.organisation = who and r.principal = me and r.route = ask->>'route' and r.key = ask->>'key';
    if found then
      if kept.recorded_at > clock_timestamp() - interval '30 days' then
        return json_build_object('answer', 'kept', 'fingerprint', kept.fingerprint, 'status', kept.status,
          'text', convert_from(kept.answer, 'UTF8'));
      end if;
      delete from idempotency_record r
        where r.organisation = who and r.principal = me and r.route = ask->>'route' and r.key = ask->>'key';
    end if;
    if thing.programme is not null or above.programme is not null then
      reach := reach_by(actor, clock); -- what belongs to no programme is in everybody's reach
    end if;
    if (thing.id is not null and not sees(who, reach, thing) and not visible(who, reach, thing))
      or (above.id is not null and not sees(who, reach, above) and not visible(who, reach, above))
      or (above.id is null and under_id is not null) or (thing.id is null and not (ask->>'makes')::boolean) then
      return json_build_object('answer', 'not-found');
    end if;
  end if;

  if people then
    perform 1 from stream where id in (me, thing_id, under_id) and kind in ('person', 'apiKey') order by id for update;
    select * into actor from stream where id = me;
  end if;
  scope := coalesce(programme_of(thing), thing.organisation, programme_of(above), above.organisation, who);
  if scope is distinct from thing_id then
    if (ask->>'looks')::boolean then
      select * into place from stream where id = scope for update;
    else
      select * into place from stream where id = scope for share;
    end if;
  end if;
  if under_id is not null and ask ? 'process' then
    select * into above from stream where id = under_id for update;
  elsif under_id = scope then
    above := place;
  elsif under_id is not null then
    select * into above from stream where id = under_id for share;
  end if;
  if thing_id is not null or ask ? 'process' then
    select * into thing from stream where id = thing_id for update;
    perform 1 from stream t where t.kind = 'task' and t.stage in ('open', 'claimed')
      and t.about in (thing_id, case when ask ? 'process' then under_id end) order by t.id for update;
    if thing.kind = 'person' then
      perform 1 from stream t where t.id in (select k.id from task k where k.holder = thing_id and k.live) order by t.id for update;
    end if;
  end if;
  if ask ? 'series' then
    insert into number_series as n values (who, ask->>'series', 1)
      on conflict (organisation, series) do update set last = n.last + 1 returning n.last into next;
  end if;
  return json_build_object('answer', 'go', 'organisation', who, 'number', next,
    'found', found_by(ask, thing, above, actor, clock));
end $function$;

CREATE OR REPLACE FUNCTION perennial.looked_at(tasks text[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
BEGIN ATOMIC
 UPDATE perennial.task SET look_at = (clock_timestamp() + '1 day'::interval)
   WHERE (((task.id)::text = ANY (looked_at.tasks)) AND (task.look_at > (clock_timestamp() + '00:01:00'::interval)));
END;

CREATE OR REPLACE FUNCTION perennial.mail_of(account text)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN (SELECT t.content FROM (perennial.stream s JOIN perennial.private_content t ON ((t.commitment = ((s.state -> 'texts'::text) ->> 'mail'::text)))) WHERE (((s.id)::text = mail_of.account) AND (s.kind = 'person'::text)));

CREATE OR REPLACE FUNCTION perennial.make_link(mail text, hash text)
 RETURNS boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  insert into password_link (principal, purpose, hash, address, expires_at, sent_at)
    select a.principal, 'reset', $2, address_of($1), clock_timestamp() + interval '1 hour', clock_timestamp()
      from accounts_at($1) a limit 1
    returning true;
$function$;

CREATE OR REPLACE FUNCTION perennial.mark_notice(person text, notice text, read boolean)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  update notice_reader r set read_at = case when $3 then coalesce(r.read_at, clock_timestamp()) end
    where r.person = $1 and r.notice = $2;
$function$;

CREATE OR REPLACE FUNCTION perennial.mark_notices(person text, up_to text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  update notice_reader r set read_at = clock_timestamp() from notice_reader last
    where last.person = $1 and last.notice = $2 and r.person = $1 and r.read_at is null
      and (r.ordered_at, r.notice) <= (last.ordered_at, last.notice);
$function$;

CREATE OR REPLACE FUNCTION perennial.me()
 RETURNS text
 LANGUAGE sql
 STABLE
RETURN NULLIF(current_setting('app.person'::text, true), ''::text);

CREATE OR REPLACE FUNCTION perennial.mine()
 RETURNS text
 LANGUAGE sql
 STABLE
RETURN NULLIF(current_setting('app.organisation'::text, true), ''::text);

CREATE OR REPLACE FUNCTION perennial.must_be_apart(type text)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
begin
  return type in ('task.done', 'role.granted', 'competence.qualified', 'competence.requalified', 'policy.approved', 'step.completed', 'nonconformity.plan-accepted', 'nonconformity.closed', 'nonconformity.found-effective', 'decision.made');
end $function$;

CREATE OR REPLACE FUNCTION perennial.new_id(prefix text)
 RETURNS text
 LANGUAGE sql
BEGIN ATOMIC
 WITH made AS MATERIALIZED (
          SELECT (('00'::"bit")::bit varying || ((('x'::text || replace((uuidv7())::text, '-'::text, ''::text)))::bit(128))::bit varying) AS bits
         )
  SELECT ((new_id.prefix || '_'::text) || string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz'::text, (1 + ((SUBSTRING(m.bits FROM (1 + (5 * n.n)) FOR 5))::bit(5))::integer), 1), ''::text ORDER BY n.n))
    FROM made m,
     generate_series(0, 25) n(n);
END;

CREATE OR REPLACE FUNCTION perennial.note_fetch(hash text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  update calendar_feed c set fetched_at = clock_timestamp() where c.hash = $1;
$function$;

CREATE OR REPLACE FUNCTION perennial.note_use(hash text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  update credential c set idle_until = clock_timestamp() + interval '12 hours' where c.hash = $1 and c.idle_until > clock_timestamp();
  insert into key_use (key, used_at) select k.id, clock_timestamp() from stream k where k.kind = 'apiKey' and k.state->>'hash' = $1
    on conflict (key) do update set used_at = excluded.used_at;
$function$;

CREATE OR REPLACE FUNCTION perennial.note_webhooks(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  hook record;
  told record;
  count integer := 0;
begin
  for hook in
    select c.endpoint, c.organisation, c.place, c.listens, s.state->'types' as types from webhook_cursor c
      join stream s on s.id = c.endpoint and s.stage <> 'removed' and (s.stage = 'active' or c.seen < s.version)
      join feed f on f.seen_by = c.organisation and f.last > c.place
      order by c.endpoint for no key update of c skip locked
  loop
    with fresh as materialized (
      select v.sequence, l.stream, l.type, convert_from(l.body, 'UTF8')::jsonb->>'id' as entry,
          case when l.stream = hook.endpoint then l.version end as own,
          case when l.stream <> hook.endpoint then null
            when l.type in ('webhook-endpoint.added', 'webhook-endpoint.enabled') then true
            when l.type in ('webhook-endpoint.disabled', 'webhook-endpoint.given-up') then false end as turned
        from event v join ledger_entry l on l.position = v.position
        where v.seen_by = hook.organisation and v.sequence > hook.place order by v.sequence limit most),
    turns as (
      select f.*, array_agg(f.turned) filter (where f.turned is not null) over (order by f.sequence) as so_far from fresh f),
    asked as materialized (
      select t.*, coalesce(t.so_far[cardinality(t.so_far)], hook.listens) as on_after from turns t),
    made as (
      insert into webhook_delivery (id, endpoint, organisation, entry, place, type, subject, next_at)
        select new_id('dlv'), hook.endpoint, hook.organisation, f.entry, f.sequence, f.type, f.stream,
          case when row_number() over (partition by f.stream order by f.sequence) = 1 and not exists (
            select from webhook_delivery d
              where d.endpoint = hook.endpoint and d.subject = f.stream and d.status = 'pending') then clock_timestamp() end
        from asked f where (f.on_after or f.turned is not null)
          and (hook.types = '[]' or hook.types ? ('perennial.' || f.type || '.v1'))
        order by f.sequence on conflict on constraint webhook_delivery_once do nothing)
    select max(a.sequence) as place, max(a.own) as own, (array_agg(a.on_after order by a.sequence desc))[1] as listens
      into told from asked a;
    update webhook_cursor c set (place, seen, listens) = (told.place, coalesce(told.own, c.seen), told.listens)
      where c.endpoint = hook.endpoint and told.place is not null;
    count := count + 1;
  end loop;
  return count;
end $function$;

CREATE OR REPLACE FUNCTION perennial.open_by_proof(proof text, challenge text, principal text, hash text, device text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  whose identity;
begin
  update identity i set used_at = clock_timestamp() from use_proof(open_by_proof.proof, open_by_proof.challenge) p
    where i.issuer = p.issuer and i.subject = p.subject returning i.* into whose;
  perform from opened_by(whose.human, whose.address) a where a.principal = open_by_proof.principal;
  if not found then return null; end if;
  return add_session(open_by_proof.hash, open_by_proof.principal, open_by_proof.device, whose.id);
end $function$;

CREATE OR REPLACE FUNCTION perennial.open_in(queues text[], today date)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN (SELECT jsonb_build_object('overdue', near.overdue, 'today', near.today, 'week', near.week, 'later', (((whole.open - near.overdue) - near.today) - near.week)) AS jsonb_build_object FROM (SELECT count(*) FILTER (WHERE (t.due < open_in.today)) AS overdue, count(*) FILTER (WHERE (t.due = open_in.today)) AS today, count(*) FILTER (WHERE (t.due > open_in.today)) AS week FROM perennial.task t WHERE (t.live AND (t.holder IS NULL) AND ((t.organisation)::text = perennial.mine()) AND (t.queue = ANY (open_in.queues)) AND (t.due <= (open_in.today + 7)) AND perennial.reaches('*'::text))) near, (SELECT COALESCE(sum(c.open), (0)::bigint) AS open FROM perennial.task_count c WHERE (((c.seen_by)::text = perennial.mine()) AND ((c.organisation)::text = perennial.mine()) AND (c.queue = ANY (open_in.queues)) AND perennial.reaches('*'::text))) whole);

CREATE OR REPLACE FUNCTION perennial.open_session(hash text, principal text, device text, phc text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  account stream;
begin
  select s.* into account from stream s where s.id = open_session.principal and s.kind = 'person' and s.stage <> 'departed';
  perform from password p where p.human = account.state->>'human' and p.address = address_of(mail_of(account.id))
    and p.phc = open_session.phc for share;
  if not found then return null; end if;
  return add_session(open_session.hash, account.id, open_session.device, null);
end $function$;

CREATE OR REPLACE FUNCTION perennial.opened_by(human text, address text)
 RETURNS TABLE(principal text, organisation text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
BEGIN ATOMIC
 SELECT s.id,
     s.organisation
    FROM perennial.stream s
   WHERE ((s.kind = 'person'::text) AND ((s.state ->> 'human'::text) = opened_by.human) AND (s.stage <> 'departed'::text) AND (NOT perennial.in_sandbox((s.organisation)::text)) AND (perennial.address_of(perennial.mail_of((s.id)::text)) = opened_by.address))
   ORDER BY s.created_at, s.id;
END;

CREATE OR REPLACE FUNCTION perennial.other_side(of_programme text, side text)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN (SELECT p.organisation FROM perennial.programme_party p WHERE (((p.programme)::text = other_side.of_programme) AND ((p.organisation)::text <> other_side.side) AND (p.until IS NULL)) LIMIT 1);

CREATE OR REPLACE FUNCTION perennial.park_process(process text, seen integer, clock timestamp with time zone, next timestamp with time zone, items jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'perennial', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  perform 1 from process p where p.id = park_process.process and p.last <= park_process.seen for no key update;
  if not found then return false; end if;
  delete from agenda a where a.process = park_process.process;
  insert into agenda (process, place, label, on_date, at, due)
    select park_process.process, i.place, i.label, i."on", i.at, i.due
    from jsonb_to_recordset(items) as i(place integer, label text, "on" date, at text, due timestamptz);
  insert into parking as k (process, seen, clock, next_due)
    values (park_process.process, park_process.seen, park_process.clock, park_process.next)
    on conflict on constraint parking_pkey do update
      set (seen, clock, next_due) = (excluded.seen, excluded.clock, excluded.next_due);
  return true;
end $function$;

CREATE OR REPLACE FUNCTION perennial.place_entries(holder text, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  office sequencer;
  last bigint;
  settles boolean;
  count integer;
begin
  select * into office from sequencer q
    where q.holder = place_entries.holder and q.lease_until > clock_timestamp() + interval '2 s';
  if found and not (all_ended(office.marked_before) and exists (select from placed))
    and not exists (select from ledger_entry e
      where e.position > office.settled and not exists (select from placed p where p.position = e.position)) then return 0; end if;

  if pg_current_xact_id_if_assigned() is not null then raise exception 'a look begins its transaction'; end if;
  select max(position) into last from placed; -- read before this transaction has a number
  update sequencer q set holder = place_entries.holder, lease_until = clock_timestamp() + interval '5 s'
    where q.holder = place_entries.holder or q.lease_until < clock_timestamp() returning * into office;
  if not found then return -1; end if;
  settles := all_ended(office.marked_before); -- asked before the look, so that what they wrote is seen

  with fresh as materialized (
    select e.position, s.organisation, s.programme, s.visibility from ledger_entry e join stream s on s.id = e.stream
      where e.position > office.settled and not exists (select from placed p where p.position = e.position)
      order by e.position limit most),
  noted as (insert into placed select position from fresh),
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

  if settles and count < most then
    update sequencer q set settled = q.marked, marked = greatest(last, q.marked), marked_before = pg_current_xact_id()
      returning q.settled into office.settled;
  end if;
  delete from placed p where p.position = any (array( -- a few at a time: somebody may have held it back for long
    select d.position from placed d where d.position <= office.settled order by d.position limit 20000));
  return count;
end $function$;

CREATE OR REPLACE FUNCTION perennial.programme_of(thing perennial.stream)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
RETURN COALESCE(((thing).programme)::text, CASE WHEN ((thing).kind = 'programme'::text) THEN ((thing).id)::text ELSE NULL::text END);

CREATE OR REPLACE FUNCTION perennial.put_off_link(link bigint)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  update password_link l set due_at = clock_timestamp() + least(60, power(2, l.tries)) * interval '1 minute' where l.id = $1;
$function$;

CREATE OR REPLACE FUNCTION perennial.reach()
 RETURNS text[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN COALESCE((NULLIF(current_setting('app.reach'::text, true), ''::text))::text[], '{}'::text[]);

CREATE OR REPLACE FUNCTION perennial.reach_by(actor perennial.stream, clock perennial.sandbox)
 RETURNS text[]
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  zone text;
  held jsonb;
begin
  if actor.kind = 'apiKey' and actor.state @? '$.roles[*] ? (@ != "system-administrator")' then return '{*}'; end if;
  select state->>'zone' into zone from stream where id = actor.organisation;
  held := jsonb_path_query_array(actor.state, '$.grants[*] ? (@.role != "system-administrator"
    && (!exists(@.from) || @.from <= $today) && (!exists(@.until) || @.until >= $today))',
    jsonb_build_object('today', (coalesce(clock.now, clock_timestamp()) at time zone coalesce(zone, 'UTC'))::date));
  if held @? '$[*] ? (!exists(@.programme))' then return '{*}'; end if;
  return array(select distinct g->>'programme' from jsonb_array_elements(held) g
    union select distinct t.programme::text from task t where t.live and t.holder = actor.id and t.programme is not null);
end $function$;

CREATE OR REPLACE FUNCTION perennial.reach_of(account text)
 RETURNS text[]
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
declare
  actor stream;
  clock sandbox;
begin
  select * into actor from stream where id = account;
  select b.* into clock from sandbox b where b.id = (select sandbox from sandbox_member where organisation = actor.organisation);
  return reach_by(actor, clock);
end $function$;

CREATE OR REPLACE FUNCTION perennial.reaches(programme text)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN ((NOT (current_setting('app.reach'::text, true) IS DISTINCT FROM '{*}'::text)) OR (programme IS NULL) OR (programme = ANY (perennial.reach())));

CREATE OR REPLACE FUNCTION perennial.reaches(reach text[], programme text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN ((reach = '{*}'::text[]) OR (programme IS NULL) OR (programme = ANY (reach)));

CREATE OR REPLACE FUNCTION perennial.read_command(ask jsonb)
 RETURNS json
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
declare
  subject stream;
  above stream;
  actor stream;
  clock sandbox;
begin
  select * into subject from stream where id = ask->>'stream';
  select * into above from stream where id = ask->>'under';
  select * into actor from stream where id = ask->>'principal';
  select b.* into clock from sandbox b where b.id = (select m.sandbox from sandbox_member m
    where m.organisation in (subject.organisation, above.organisation, ask->>'stream', ask->>'organisation') limit 1);
  return found_by(ask, subject, above, actor, clock);
end $function$;

CREATE OR REPLACE FUNCTION perennial.read_people(people text[])
 RETURNS json
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
RETURN (SELECT COALESCE(json_agg(perennial.as_read(t.*) ORDER BY t.id), '[]'::json) AS "coalesce" FROM perennial.stream t WHERE ((t.id)::text IN (SELECT stream.id FROM perennial.stream WHERE ((stream.id)::text = ANY (read_people.people)) UNION SELECT account.account FROM perennial.accounts_of(read_people.people) account(account) UNION SELECT stream.id FROM perennial.stream WHERE (((stream.about)::text = ANY (read_people.people)) AND (stream.kind <> 'task'::text)))));

CREATE OR REPLACE FUNCTION perennial.redeliver_webhook(organisation text, delivery text)
 RETURNS boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  with again as (update webhook_delivery d set status = 'pending', attempts = 0,
      next_at = case when d.status <> 'pending' or d.next_at is not null then clock_timestamp() end
    where d.id = $2 and d.organisation = $1 returning true)
  select exists (select from again);
$function$;

CREATE OR REPLACE FUNCTION perennial.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the ledger is append-only: % of % is refused', tg_op, tg_table_name using errcode = '42501';
end $function$;

CREATE OR REPLACE FUNCTION perennial.remove_identity(principal text, identity text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  removed text;
begin
  delete from identity i using stream s where i.id = remove_identity.identity and s.id = remove_identity.principal and s.kind = 'person'
      and s.state->>'human' = i.human and i.address = address_of(mail_of(s.id)) returning i.id into removed;
  update credential c set revoked_at = clock_timestamp() where c.identity = removed and c.revoked_at is null;
  return removed is not null;
end $function$;

CREATE OR REPLACE FUNCTION perennial.revoke_credentials(principal text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  update credential c set revoked_at = clock_timestamp()
    where c.principal = revoke_credentials.principal and c.revoked_at is null;
$function$;

CREATE OR REPLACE FUNCTION perennial.sees(who text, reach text[], thing perennial.stream)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (((((thing).organisation)::text = who) OR COALESCE((((thing).shared_with)::text = who), false)) AND perennial.reaches(reach, ((thing).programme)::text));

CREATE OR REPLACE FUNCTION perennial.sent_link(link bigint, answer integer DEFAULT NULL::integer)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  update password_link l set sent_at = clock_timestamp(), answer = $2 where l.id = $1;
$function$;

CREATE OR REPLACE FUNCTION perennial.session_id(hash text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
RETURN ('aut_0'::text || "left"(hash, 25));

CREATE OR REPLACE FUNCTION perennial.sessions_of(principal text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN (SELECT COALESCE(jsonb_agg(jsonb_build_object('id', perennial.session_id(c.hash), 'device', c.device, 'madeAt', perennial.iso(c.made_at), 'usedAt', perennial.iso(COALESCE((c.idle_until - '12:00:00'::interval), c.made_at)), 'expiresAt', perennial.iso(LEAST(c.expires_at, c.idle_until))) ORDER BY c.made_at DESC), '[]'::jsonb) AS "coalesce" FROM perennial.credential c WHERE (((c.principal)::text = sessions_of.principal) AND (c.revoked_at IS NULL) AND (LEAST(c.expires_at, c.idle_until) > clock_timestamp())));

CREATE OR REPLACE FUNCTION perennial.set_password(hash text, phc text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  found jsonb := find_link(set_password.hash);
  whose text := address_of(found->>'mail');
begin
  perform pg_advisory_xact_lock(hashtextextended(whose, 0)) where whose is not null;
  found := find_link(set_password.hash);
  if found is null then return false; end if;
  update password_link l set used_at = clock_timestamp() where l.address = whose and l.used_at is null;
  insert into password as p (human, address, phc) values (found->>'human', whose, set_password.phc)
    on conflict (address, human) do update set (phc, set_at) = (excluded.phc, clock_timestamp());
  delete from identity i where i.address = whose and i.human = found->>'human';
  update credential c set revoked_at = clock_timestamp()
    where c.revoked_at is null and c.principal in (select a.principal from accounts_at(found->>'mail') a);
  delete from knock k where k.about = whose;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION perennial.settled()
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  drawn bigint := coalesce(pg_sequence_last_value('perennial.ledger_entry_position_seq'), 0); -- asked before who writes
begin
  if exists (select from pg_locks l where l.relation = 'perennial.ledger_entry'::regclass and l.mode = 'RowExclusiveLock'
      and l.database = (select d.oid from pg_database d where d.datname = current_database())) then
    return (select q.settled from sequencer q);
  end if;
  return drawn;
end $function$;

CREATE OR REPLACE FUNCTION perennial.share()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
begin
  new.shared_with := other_side(new.programme, new.organisation);
  return new;
end $function$;

CREATE OR REPLACE FUNCTION perennial.standing()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN (SELECT jsonb_build_object('processes', (SELECT COALESCE(jsonb_object_agg(o.name, o.count), '{}'::jsonb) AS "coalesce" FROM (SELECT p.name, count(*) AS count FROM perennial.process p WHERE (p.status = 'open'::text) GROUP BY p.name) o), 'processesBehind', (SELECT count(*) AS count FROM perennial.process p WHERE (p.told < p.last)), 'oldestUntoldSeconds', (SELECT COALESCE(EXTRACT(epoch FROM (clock_timestamp() - min(e.recorded_at))), (0)::numeric) AS "coalesce" FROM (perennial.process p JOIN perennial.ledger_entry e ON ((((e.stream)::text = (p.subject)::text) AND (e.version = (p.told + 1))))) WHERE ((p.told < p.last) AND (NOT perennial.in_sandbox((p.organisation)::text)))), 'dueMissed', (SELECT count(*) AS count FROM (perennial.parking k JOIN perennial.process p ON (((p.id)::text = (k.process)::text))) WHERE ((k.next_due < (clock_timestamp() - '00:15:00'::interval)) AND (NOT perennial.in_sandbox((p.organisation)::text)))), 'withoutRun', (SELECT count(*) AS count FROM jsonb_array_elements((SELECT w.remarks FROM perennial.watch w ORDER BY w.ended_at DESC LIMIT 1)) r(value) WHERE (((r.value ->> 'kind'::text) = ANY (ARRAY['no-run'::text, 'failing'::text])) AND (NOT ((r.value ->> 'repaired'::text))::boolean))), 'tasks', (SELECT COALESCE(sum((c.open + c.held)), (0)::bigint) AS "coalesce" FROM perennial.task_count c WHERE ((c.seen_by)::text = (c.organisation)::text)), 'tasksOverdue', (SELECT count(*) AS count FROM perennial.task t WHERE (t.live AND (t.due < CURRENT_DATE) AND (NOT perennial.in_sandbox((t.organisation)::text)))), 'oldestOverdueDays', (SELECT COALESCE(max((CURRENT_DATE - t.due)), 0) AS "coalesce" FROM perennial.task t WHERE (t.live AND (t.due < CURRENT_DATE) AND (NOT perennial.in_sandbox((t.organisation)::text)))), 'noticesOrdered', (SELECT count(*) AS count FROM perennial.stream s WHERE ((s.kind = 'notice'::text) AND (s.stage = 'ordered'::text))), 'noticesLate', (SELECT count(*) AS count FROM (perennial.outage_item i_1 JOIN perennial.outage o ON (((o.id)::text = (i_1.outage)::text))) WHERE ((i_1.kind = 'late'::text) AND (o.ended_at > (clock_timestamp() - '1 day'::interval)))), 'linksWaiting', (SELECT count(*) AS count FROM perennial.password_link l WHERE (l.sent_at IS NULL)), 'feedLagSeconds', (SELECT COALESCE(EXTRACT(epoch FROM (clock_timestamp() - min(e.recorded_at))), (0)::numeric) AS "coalesce" FROM perennial.ledger_entry e WHERE ((e."position" > (SELECT q.settled FROM perennial.sequencer q)) AND (NOT (EXISTS (SELECT FROM perennial.placed p WHERE (p."position" = e."position")))) AND (NOT perennial.in_sandbox((e.organisation)::text)))), 'heartbeatSeconds', (SELECT EXTRACT(epoch FROM (clock_timestamp() - max(h.beat_at))) AS "extract" FROM perennial.heartbeat h)) AS jsonb_build_object FROM perennial.installation i WHERE ((i.organisation)::text = perennial.mine()));

CREATE OR REPLACE FUNCTION perennial.take_link(hash text, lease_ms integer)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION perennial.take_webhooks(most integer, each integer, lease_ms integer)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  hook record;
  free integer;
  more jsonb;
  taken jsonb := '[]';
begin
  for hook in
    select c.endpoint, c.failing_since from webhook_cursor c join stream s on s.id = c.endpoint and s.stage = 'active'
      where exists (select from webhook_delivery d where d.endpoint = c.endpoint and d.status = 'pending'
        and d.next_at <= clock_timestamp() and coalesce(d.leased_until, '-infinity') < clock_timestamp())
      order by c.taken_at, c.endpoint for no key update of c skip locked
  loop
    select least(most - jsonb_array_length(taken), case when hook.failing_since is null then each else 1 end - count(*)) into free
      from webhook_delivery d where d.endpoint = hook.endpoint and d.leased_until > clock_timestamp();
    continue when free <= 0;
    with due as (
      select d.id from webhook_delivery d where d.endpoint = hook.endpoint and d.status = 'pending'
        and d.next_at <= clock_timestamp() and coalesce(d.leased_until, '-infinity') < clock_timestamp()
        order by d.next_at, d.place limit free),
    leased as (
      update webhook_delivery d set attempts = d.attempts + 1, lease = d.lease + 1,
          leased_until = clock_timestamp() + lease_ms * interval '1 ms'
        from due where d.id = due.id returning d as row)
    select coalesce(jsonb_agg(webhook_call(l.row)), '[]') into more from leased l;
    update webhook_cursor c set taken_at = clock_timestamp() where c.endpoint = hook.endpoint;
    taken := taken || more;
    exit when jsonb_array_length(taken) >= most;
  end loop;
  return taken;
end $function$;

CREATE OR REPLACE FUNCTION perennial.tasks_to_look_at(most integer)
 RETURNS text[]
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
BEGIN ATOMIC
 WITH due AS MATERIALIZED (
          SELECT t.id
            FROM perennial.task t
           WHERE (t.live AND (t.look_at <= clock_timestamp()) AND (NOT perennial.in_sandbox((t.organisation)::text)))
           ORDER BY t.look_at
          LIMIT tasks_to_look_at.most
          FOR NO KEY UPDATE OF t SKIP LOCKED
         ), taken AS (
          UPDATE perennial.task t SET look_at = (clock_timestamp() + '00:02:00'::interval)
            FROM due d
           WHERE ((t.id)::text = (d.id)::text)
           RETURNING t.id
         )
  SELECT COALESCE(array_agg(k.id), '{}'::perennial.id[]) AS "coalesce"
    FROM taken k;
END;

CREATE OR REPLACE FUNCTION perennial.tidy_sign_in()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  delete from knock k where k.ctid = any (array(
    select o.ctid from knock o where o.at < clock_timestamp() - interval '1 hour' limit 10000 for update skip locked));
  delete from password_link l where l.ctid = any (array(
    select o.ctid from password_link o where o.asked_at < clock_timestamp() - interval '40 days'
      or (o.purpose = 'reset' and o.sent_at is null and o.asked_at < clock_timestamp() - interval '1 hour')
    limit 10000 for update skip locked));
  delete from credential c where c.ctid = any (array(
    select o.ctid from credential o where o.expires_at < clock_timestamp() - interval '30 days' limit 10000 for update skip locked));
  delete from identity_flow f where f.ctid = any (array(
    select o.ctid from identity_flow o where o.begun_at < clock_timestamp() - interval '10 minutes' limit 10000 for update skip locked));
  delete from identity_proof p where p.ctid = any (array(
    select o.ctid from identity_proof o where o.made_at < clock_timestamp() - interval '10 minutes' limit 10000 for update skip locked));
$function$;

CREATE OR REPLACE FUNCTION perennial.tidy_traces()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  delete from trace t where t.ctid = any (array(
    select o.ctid from trace o where o.noted_at < clock_timestamp() - interval '30 days' limit 10000 for update skip locked));
$function$;

CREATE OR REPLACE FUNCTION perennial.tidy_webhooks()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  update webhook_delivery d set (status, last_error, leased_until, next_at) = ('failed', 'endpoint-removed', null, null)
    where d.status = 'pending' and d.endpoint in (
    select s.id from webhook_cursor c join stream s on s.id = c.endpoint and s.stage = 'removed');
  delete from webhook_delivery d where d.ctid = any (array(
    select o.ctid from webhook_delivery o where o.status <> 'pending' and o.made_at < clock_timestamp() - interval '30 days'
    limit 10000 for update skip locked));
  delete from webhook_secret k where k.made_at < clock_timestamp() - interval '24 hours' and not exists (
    select from webhook_cursor c join stream s on s.id = c.endpoint and s.stage <> 'removed'
      where (k.id in (s.state->>'signsWith', s.state->>'pairedWith')
        or (k.id = s.state->>'signedWith' and exists (select from webhook_secret n
          where n.id = s.state->>'signsWith' and n.made_at > clock_timestamp() - interval '24 hours'))));
$function$;

CREATE OR REPLACE FUNCTION perennial.try_knock(mail text, place text, most integer, most_of_place integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
declare
  whose text := address_of(try_knock.mail);
  since timestamptz := clock_timestamp() - interval '1 hour';
  again timestamptz;
begin
  perform pg_advisory_xact_lock(hashtextextended(try_knock.place, 0));
  select max(at) into again from (
    (select k.at from knock k where k.about = whose and k.place = try_knock.place and k.at > since
      order by k.at desc offset greatest(most, 1) - 1 limit 1)
    union all
    (select k.at from knock k where k.place = try_knock.place and k.at > since
      order by k.at desc offset greatest(most_of_place, 1) - 1 limit 1)) full_since;
  if again is not null then
    return greatest(1, ceil(extract(epoch from again + interval '1 hour' - clock_timestamp())));
  end if;
  insert into knock (about, place) values (whose, try_knock.place);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION perennial.use_proof(hash text, challenge text)
 RETURNS SETOF perennial.identity_proof
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
  delete from identity_proof p where p.hash = $1 and p.challenge = $2 and p.made_at > clock_timestamp() - interval '10 minutes'
    returning p.*;
$function$;

CREATE OR REPLACE FUNCTION perennial.visible(who text, reach text[], thing perennial.stream)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN (perennial.sees(who, reach, thing) OR (perennial.engine_room((thing).kind) AND (EXISTS (SELECT FROM perennial.installation i WHERE ((i.organisation)::text = visible.who)))) OR (EXISTS (SELECT FROM (perennial.sandbox_member m JOIN perennial.sandbox b ON (((b.id)::text = (m.sandbox)::text))) WHERE (((m.organisation)::text = ((visible.thing).organisation)::text) AND ((b.organisation)::text = visible.who)))));

CREATE OR REPLACE FUNCTION perennial.visible(who text, thing perennial.stream)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN perennial.visible(who, '{*}'::text[], thing);

CREATE OR REPLACE FUNCTION perennial.webhook_call(d perennial.webhook_delivery)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
RETURN (SELECT jsonb_build_object('id', (webhook_call.d).id, 'endpoint', (webhook_call.d).endpoint, 'attempt', (webhook_call.d).attempts, 'lease', (webhook_call.d).lease, 'turn', COALESCE((((h.state -> 'entered'::text) ->> 'active'::text))::integer, 0), 'url', (SELECT t.content FROM perennial.private_content t WHERE (t.commitment = ((h.state -> 'texts'::text) ->> 'address'::text))), 'secrets', (SELECT COALESCE(jsonb_agg(encode(k.secret, 'base64'::text) ORDER BY ((k.id)::text = (h.state ->> 'signsWith'::text)) DESC), '[]'::jsonb) AS "coalesce" FROM perennial.webhook_secret k WHERE (((k.id)::text = (h.state ->> 'signsWith'::text)) OR (((k.id)::text = (h.state ->> 'signedWith'::text)) AND (EXISTS (SELECT FROM perennial.webhook_secret n WHERE (((n.id)::text = (h.state ->> 'signsWith'::text)) AND (n.made_at > (clock_timestamp() - '24:00:00'::interval)))))))), 'pair', (SELECT encode(k.secret, 'base64'::text) AS encode FROM perennial.webhook_secret k WHERE ((k.id)::text = (h.state ->> 'pairedWith'::text))), 'event', (SELECT jsonb_build_object('body', convert_from(l.body, 'UTF8'::name), 'kind', s.kind, 'sequence', (webhook_call.d).place, 'organisation', s.organisation, 'programme', s.programme, 'sandbox', perennial.in_sandbox((s.organisation)::text)) AS jsonb_build_object FROM ((perennial.event v JOIN perennial.ledger_entry l ON ((l."position" = v."position"))) JOIN perennial.stream s ON (((s.id)::text = (l.stream)::text))) WHERE (((v.seen_by)::text = ((webhook_call.d).organisation)::text) AND (v.sequence = (webhook_call.d).place) AND perennial.visible(((webhook_call.d).organisation)::text, s.*)))) AS jsonb_build_object FROM perennial.stream h WHERE ((h.id)::text = ((webhook_call.d).endpoint)::text));

CREATE OR REPLACE FUNCTION perennial.write_command(w jsonb, answer text DEFAULT NULL::text)
 RETURNS text[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
declare
  found integer;
  told text[] := '{}';
begin
  perform pg_current_xact_id();
  insert into ledger_entry (organisation, log, stream, version, command, ordinal, type, actor, recorded_at, body, leaf_hash)
    select e.organisation, e.log, e.stream, e.version, e.command, e.ordinal, e.type, e.actor, e.recorded_at,
      convert_to(e.body, 'UTF8'), decode(e.leaf, 'hex')
    from jsonb_to_recordset(w->'entries') as e(organisation text, log text, stream text, version integer, command text,
      ordinal integer, type text, actor text, recorded_at timestamptz, body text, leaf text)
    order by e.ordinal;

  if w ? 'made' then
    insert into stream (id, kind, organisation, programme, about, visibility, number, stage, version, state, created_at, updated_at)
      select s.id, s.kind, s.organisation, s.programme, s.about, s.visibility, s.number, s.stage, s.version, s.state, s.at, s.at
      from jsonb_to_recordset(w->'made') as s(id text, kind text, organisation text, programme text, about text,
        visibility text, number text, stage text, version integer, state jsonb, at timestamptz);
  end if;
  if w ? 'moved' then
    update stream t set stage = s.stage, version = s.version, state = s.state, updated_at = s.at
      from jsonb_to_recordset(w->'moved') as s(id text, stage text, version integer, before integer, state jsonb, at timestamptz)
      where t.id = s.id and t.version = s.before;
    get diagnostics found = row_count;
    if found <> jsonb_array_length(w->'moved') then
      raise exception 'a thing has moved since it was read' using errcode = '40001';
    end if;
  end if;
  if w ? 'texts' then
    insert into private_content (commitment, stream, name, salt, content)
      select p.commitment, p.stream, p.name, decode(p.salt, 'hex'), p.content
      from jsonb_to_recordset(w->'texts') as p(commitment text, stream text, name text, salt text, content text);
  end if;
  if w ?| array['moved', 'processes', 'joined', 'owing', 'obligations'] then
    told := perennial.write_derived(w);
  end if;

  if w ? 'answer' then
    insert into idempotency_record (organisation, principal, route, key, fingerprint, status, answer)
      select a.organisation, a.principal, a.route, a.key, a.fingerprint, a.status, convert_to(write_command.answer, 'UTF8')
      from jsonb_to_record(w->'answer') as a(organisation text, principal text, route text, key text, fingerprint text, status integer);
  end if;
  return told;
end $function$;

CREATE OR REPLACE FUNCTION perennial.write_derived(w jsonb)
 RETURNS text[]
 LANGUAGE plpgsql
 SET search_path TO 'perennial', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
declare
  moved text[];
  opened text[];
begin
  if w ? 'joined' then
    insert into programme_party as p (programme, organisation, side, since)
      select j.programme, j.organisation, j.side, j.at
      from jsonb_to_recordset(w->'parties') as j(programme text, organisation text, side text, at timestamptz)
      on conflict (programme, organisation, side) do update set until = null where p.until is not null;
    update programme_party p set until = j.at
      from jsonb_to_recordset(w->'joined') as j(programme text, organisations jsonb, at timestamptz)
      where p.programme = j.programme and p.until is null and not j.organisations ? p.organisation;
    if exists (
      select from jsonb_to_recordset(w->'joined') as j(programme text)
      join programme_party p on p.programme = j.programme and p.until is null
      left join sandbox_member m on m.organisation = p.organisation
      group by j.programme having count(distinct coalesce(m.sandbox::text, '')) > 1) then
      raise exception 'these organisations live on different clocks' using errcode = 'PC001';
    end if;
  end if;

  if w ? 'owing' then
    delete from obligation o using jsonb_to_recordset(w->'owing') as s(stream text, keys jsonb)
      where o.stream = s.stream and not s.keys ? o.key;
  end if;
  if w ? 'obligations' then
    insert into obligation as o (stream, key, what, due, kind, rule, ladder, escalation, owed_by, explanation)
      select n.stream, n.key, n.what, n.due, n.kind, n.rule, n.ladder, n.escalation,
        array(select jsonb_array_elements_text(n.owed_by)), n.explanation
      from jsonb_to_recordset(w->'obligations') as n(stream text, key text, what text, due date, kind text, rule text,
        ladder text, escalation text, owed_by jsonb, explanation jsonb)
      on conflict (stream, key) do update
        set (what, due, kind, rule, ladder, escalation, owed_by, explanation) = (excluded.what, excluded.due, excluded.kind,
          excluded.rule, excluded.ladder, excluded.escalation, excluded.owed_by, excluded.explanation)
        where (o.what, o.ladder, o.escalation, o.owed_by, o.explanation)
          is distinct from (excluded.what, excluded.ladder, excluded.escalation, excluded.owed_by, excluded.explanation);
  end if;

  if w ? 'moved' then
    with touched as (
      update process p set last = s.version, status = case when s.ended then 'closed' else 'open' end,
          told = case when s.ended and p.status = 'closed' and p.told = p.last then s.version else p.told end
        from jsonb_to_recordset(w->'moved') as s(id text, version integer, ended boolean) where p.subject = s.id
        returning p.id, p.told < p.last as behind)
    select array_agg(t.id) into moved from touched t where t.behind;
  end if;
  if w ? 'processes' then
    with made as (
      insert into process (id, name, subject, organisation, programme, status, opened_by, last)
        select n.id, n.name, n.subject, n.organisation, n.programme, n.status, n.opened_by, n.last
        from jsonb_to_recordset(w->'processes') as n(id text, name text, subject text, organisation text, programme text,
          status text, opened_by text, last integer)
        order by n.id on conflict (id) do nothing returning id)
    select array_agg(m.id) into opened from made m;
  end if;
  return coalesce(moved, '{}') || coalesce(opened, '{}');
end $function$;

CREATE OR REPLACE FUNCTION perennial.write_traced(w jsonb, context text, answer text DEFAULT NULL::text)
 RETURNS text[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'perennial', 'pg_temp'
AS $function$
begin
  insert into trace (organisation, command, context)
    select distinct e.organisation, e.command, write_traced.context
    from jsonb_to_recordset(w->'entries') as e(organisation text, command text)
    on conflict do nothing;
  return write_command(w, answer);
end $function$;

-- triggers

CREATE TRIGGER apart AFTER INSERT ON perennial.ledger_entry FOR EACH ROW WHEN (perennial.must_be_apart(new.type)) EXECUTE FUNCTION perennial.keep_apart(); -- enabled A
CREATE TRIGGER ledger_entry_rows BEFORE DELETE OR UPDATE ON perennial.ledger_entry FOR EACH ROW EXECUTE FUNCTION perennial.refuse_change(); -- enabled A
CREATE TRIGGER ledger_entry_table BEFORE DELETE OR UPDATE OR TRUNCATE ON perennial.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION perennial.refuse_change(); -- enabled A
CREATE TRIGGER follow_party AFTER INSERT OR UPDATE ON perennial.programme_party FOR EACH ROW EXECUTE FUNCTION perennial.follow_party(); -- enabled O
CREATE TRIGGER follow_notice AFTER INSERT OR UPDATE ON perennial.stream FOR EACH ROW WHEN (new.kind = 'notice'::text) EXECUTE FUNCTION perennial.follow_notice(); -- enabled O
CREATE TRIGGER follow_person AFTER UPDATE ON perennial.stream FOR EACH ROW WHEN (new.kind = 'person'::text AND (old.stage IS DISTINCT FROM new.stage OR (old.state -> 'grants'::text) IS DISTINCT FROM (new.state -> 'grants'::text) OR (old.state -> 'absences'::text) IS DISTINCT FROM (new.state -> 'absences'::text) OR (old.state -> 'interests'::text) IS DISTINCT FROM (new.state -> 'interests'::text))) EXECUTE FUNCTION perennial.follow_person(); -- enabled O
CREATE TRIGGER follow_task AFTER INSERT OR UPDATE ON perennial.stream FOR EACH ROW WHEN (new.kind = 'task'::text) EXECUTE FUNCTION perennial.follow_task(); -- enabled O
CREATE TRIGGER follow_webhook AFTER INSERT OR UPDATE ON perennial.stream FOR EACH ROW WHEN (new.kind = 'webhookEndpoint'::text) EXECUTE FUNCTION perennial.follow_webhook(); -- enabled O
CREATE TRIGGER forget_password AFTER UPDATE ON perennial.stream FOR EACH ROW WHEN (new.kind = 'person'::text AND new.stage = 'departed'::text AND old.stage <> 'departed'::text) EXECUTE FUNCTION perennial.forget_password(); -- enabled O
CREATE TRIGGER invite AFTER INSERT ON perennial.stream FOR EACH ROW WHEN (new.kind = 'person'::text AND new.stage = 'invited'::text AND new.created_at > (now() - '1 day'::interval)) EXECUTE FUNCTION perennial.invite(); -- enabled O
CREATE TRIGGER share BEFORE INSERT ON perennial.stream FOR EACH ROW WHEN (new.visibility = 'both'::text AND new.programme IS NOT NULL) EXECUTE FUNCTION perennial.share(); -- enabled O
CREATE TRIGGER count_changed AFTER UPDATE ON perennial.task FOR EACH ROW WHEN (old.live IS DISTINCT FROM new.live OR (old.holder IS NULL) IS DISTINCT FROM (new.holder IS NULL) OR old.shared_with::text IS DISTINCT FROM new.shared_with::text) EXECUTE FUNCTION perennial.follow_count(); -- enabled O
CREATE TRIGGER count_made AFTER INSERT OR DELETE ON perennial.task FOR EACH ROW EXECUTE FUNCTION perennial.follow_count(); -- enabled O

-- views

create view perennial.notice_reader_row with (security_invoker=true) as
 SELECT DISTINCT p.person,
    s.id AS notice,
    s.organisation,
    s.programme,
    s.created_at AS ordered_at
   FROM perennial.stream s,
    LATERAL jsonb_array_elements_text((s.state -> 'people'::text)) p(person)
  WHERE ((s.kind = 'notice'::text) AND (s.stage <> 'withdrawn'::text));
create view perennial.task_row with (security_invoker=true) as
 SELECT id,
    organisation,
    (shared_with)::text AS shared_with,
    programme,
    (state ->> 'queue'::text) AS queue,
    COALESCE((state ->> 'claimant'::text), (state ->> 'of'::text)) AS holder,
    (stage = ANY (ARRAY['open'::text, 'claimed'::text])) AS live,
    COALESCE(((state ->> 'due'::text))::date, 'infinity'::date) AS due,
    ((state ->> 'snoozedUntil'::text))::date AS snoozed_until,
    (state ->> 'doneBy'::text) AS done_by,
        CASE
            WHEN (stage <> ALL (ARRAY['open'::text, 'claimed'::text])) THEN updated_at
            ELSE NULL::timestamp with time zone
        END AS ended_at,
    (NOT ((state ->> 'priority'::text) IS DISTINCT FROM 'urgent'::text)) AS urgent,
    COALESCE((((state ->> 'level'::text))::smallint)::integer, 0) AS level,
    ((stage = 'open'::text) AND (state ? 'nobodyLeft'::text)) AS nobody_left
   FROM perennial.stream s
  WHERE (kind = 'task'::text);

-- row-level security

alter table perennial.agenda force row level security;
alter table perennial.calendar_feed force row level security;
alter table perennial.credential force row level security;
alter table perennial.event force row level security;
alter table perennial.evidence_content force row level security;
alter table perennial.feed force row level security;
alter table perennial.heartbeat force row level security;
alter table perennial.idempotency_record force row level security;
alter table perennial.identity force row level security;
alter table perennial.identity_flow force row level security;
alter table perennial.identity_proof force row level security;
alter table perennial.installation force row level security;
alter table perennial.key_use force row level security;
alter table perennial.knock force row level security;
alter table perennial.ledger_entry force row level security;
alter table perennial.notice_copy force row level security;
alter table perennial.notice_reader force row level security;
alter table perennial.number_series force row level security;
alter table perennial.obligation force row level security;
alter table perennial.operation force row level security;
alter table perennial.outage force row level security;
alter table perennial.outage_item force row level security;
alter table perennial.parking force row level security;
alter table perennial.password force row level security;
alter table perennial.password_link force row level security;
alter table perennial.placed force row level security;
alter table perennial.private_content force row level security;
alter table perennial.process force row level security;
alter table perennial.programme_party force row level security;
alter table perennial.sandbox force row level security;
alter table perennial.sandbox_member force row level security;
alter table perennial.sequencer force row level security;
alter table perennial.stream force row level security;
alter table perennial.task force row level security;
alter table perennial.task_count force row level security;
alter table perennial.trace force row level security;
alter table perennial.watch force row level security;
alter table perennial.webhook_cursor force row level security;
alter table perennial.webhook_delivery force row level security;
alter table perennial.webhook_secret force row level security;

-- policies

create policy of_app on perennial.agenda for select to perennial_app
  using ((EXISTS ( SELECT
   FROM perennial.process p
  WHERE ((p.id)::text = (agenda.process)::text))));
create policy of_engine on perennial.agenda for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.agenda for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.calendar_feed for all to perennial_app
  using ((((organisation)::text = perennial.mine()) AND ((person)::text = perennial.me())))
  with check ((((organisation)::text = perennial.mine()) AND ((person)::text = perennial.me())));
create policy of_engine on perennial.calendar_feed for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.calendar_feed for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.credential for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.credential for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.event for select to perennial_app
  using (((seen_by)::text = perennial.mine()));
create policy of_engine on perennial.event for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.event for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.evidence_content for all to perennial_app
  using (((organisation)::text = perennial.mine()))
  with check (((organisation)::text = perennial.mine()));
create policy of_engine on perennial.evidence_content for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.evidence_content for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.feed for select to perennial_app
  using (((seen_by)::text = perennial.mine()));
create policy of_engine on perennial.feed for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.feed for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.heartbeat for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.heartbeat for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.idempotency_record for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.idempotency_record for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.identity for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.identity for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.identity_flow for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.identity_flow for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.identity_proof for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.identity_proof for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.installation for select to perennial_app
  using (true);
create policy of_engine on perennial.installation for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.installation for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.key_use for select to perennial_app
  using ((EXISTS ( SELECT
   FROM perennial.stream s
  WHERE ((s.id)::text = (key_use.key)::text))));
create policy of_engine on perennial.key_use for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.key_use for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.knock for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.knock for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.ledger_entry for select to perennial_app
  using ((EXISTS ( SELECT
   FROM perennial.stream s
  WHERE ((s.id)::text = (ledger_entry.stream)::text))));
create policy of_engine on perennial.ledger_entry for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.ledger_entry for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.notice_copy for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.notice_copy for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.notice_reader for select to perennial_app
  using ((((person)::text = perennial.me()) AND perennial.reaches((programme)::text) AND (((organisation)::text = perennial.mine()) OR (EXISTS ( SELECT
   FROM perennial.programme_party p
  WHERE (((p.programme)::text = (notice_reader.programme)::text) AND ((p.organisation)::text = perennial.mine()) AND (p.until IS NULL)))))));
create policy of_engine on perennial.notice_reader for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.notice_reader for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.number_series for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.number_series for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.obligation for select to perennial_app
  using ((EXISTS ( SELECT
   FROM perennial.stream s
  WHERE ((s.id)::text = (obligation.stream)::text))));
create policy of_engine on perennial.obligation for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.obligation for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.operation for all to perennial_app
  using (((organisation)::text = perennial.mine()))
  with check (((organisation)::text = perennial.mine()));
create policy of_engine on perennial.operation for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.operation for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.outage for select to perennial_app
  using ((perennial.mine() IS NOT NULL));
create policy of_engine on perennial.outage for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.outage for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.outage_item for select to perennial_app
  using (((EXISTS ( SELECT
   FROM perennial.stream s
  WHERE ((s.id)::text = (outage_item.stream)::text))) OR (perennial.mine() IN ( SELECT i.organisation
   FROM perennial.installation i))));
create policy of_engine on perennial.outage_item for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.outage_item for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.parking for select to perennial_app
  using ((EXISTS ( SELECT
   FROM perennial.process p
  WHERE ((p.id)::text = (parking.process)::text))));
create policy of_engine on perennial.parking for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.parking for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.password for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.password for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.password_link for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.password_link for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.placed for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.placed for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.private_content for select to perennial_app
  using ((EXISTS ( SELECT
   FROM perennial.stream s
  WHERE ((s.id)::text = (private_content.stream)::text))));
create policy of_engine on perennial.private_content for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.private_content for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.process for select to perennial_app
  using ((EXISTS ( SELECT
   FROM perennial.stream s
  WHERE ((s.id)::text = (process.subject)::text))));
create policy of_engine on perennial.process for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.process for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.programme_party for select to perennial_app
  using ((((organisation)::text = perennial.mine()) AND perennial.reaches((programme)::text)));
create policy of_engine on perennial.programme_party for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.programme_party for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.sandbox for all to perennial_app
  using ((((organisation)::text = perennial.mine()) OR ((id)::text IN ( SELECT m.sandbox
   FROM perennial.sandbox_member m
  WHERE ((m.organisation)::text = perennial.mine())))))
  with check (((organisation)::text = perennial.mine()));
create policy of_engine on perennial.sandbox for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.sandbox for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.sandbox_member for all to perennial_app
  using ((((organisation)::text = perennial.mine()) OR perennial.keeps((sandbox)::text)))
  with check (perennial.keeps((sandbox)::text));
create policy of_engine on perennial.sandbox_member for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.sandbox_member for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.sequencer for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.sequencer for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.stream for select to perennial_app
  using ((((((organisation)::text = perennial.mine()) OR ((shared_with)::text = perennial.mine())) AND perennial.reaches((programme)::text)) OR (perennial.engine_room(kind) AND (perennial.mine() IN ( SELECT i.organisation
   FROM perennial.installation i))) OR ((organisation)::text IN ( SELECT perennial.kept_organisations() AS kept_organisations))));
create policy of_engine on perennial.stream for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.stream for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.task for select to perennial_app
  using ((((((organisation)::text = perennial.mine()) OR ((shared_with)::text = perennial.mine())) AND perennial.reaches((programme)::text)) OR ((organisation)::text IN ( SELECT perennial.kept_organisations() AS kept_organisations))));
create policy of_engine on perennial.task for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.task for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.task_count for select to perennial_app
  using ((((seen_by)::text = perennial.mine()) AND perennial.reaches('*'::text)));
create policy of_engine on perennial.task_count for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.task_count for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.trace for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.trace for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.watch for select to perennial_app
  using ((perennial.mine() IN ( SELECT i.organisation
   FROM perennial.installation i)));
create policy of_engine on perennial.watch for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.watch for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.webhook_cursor for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.webhook_cursor for all to perennial_owner
  using (true)
  with check (true);
create policy of_app on perennial.webhook_delivery for select to perennial_app
  using (((organisation)::text = perennial.mine()));
create policy of_engine on perennial.webhook_delivery for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.webhook_delivery for all to perennial_owner
  using (true)
  with check (true);
create policy of_engine on perennial.webhook_secret for all to perennial_engine
  using (true)
  with check (true);
create policy of_owner on perennial.webhook_secret for all to perennial_owner
  using (true)
  with check (true);

-- rights on tables

grant select on perennial.agenda to perennial_app;
grant delete, insert, select, update on perennial.agenda to perennial_engine;
grant delete, insert, select on perennial.calendar_feed to perennial_app;
grant select on perennial.calendar_feed to perennial_engine;
grant select on perennial.event to perennial_app;
grant select on perennial.event to perennial_engine;
grant insert, select on perennial.evidence_content to perennial_app;
grant select on perennial.evidence_content to perennial_engine;
grant select on perennial.feed to perennial_app;
grant select on perennial.feed to perennial_engine;
grant insert, select, update on perennial.heartbeat to perennial_engine;
grant select on perennial.installation to perennial_app;
grant select on perennial.installation to perennial_engine;
grant select on perennial.key_use to perennial_app;
grant select on perennial.key_use to perennial_engine;
grant select on perennial.ledger_entry to perennial_app;
grant select on perennial.ledger_entry to perennial_engine;
grant delete, insert, select, update on perennial.notice_copy to perennial_engine;
grant select on perennial.notice_reader to perennial_app;
grant select on perennial.notice_reader to perennial_engine;
grant select on perennial.obligation to perennial_app;
grant select on perennial.obligation to perennial_engine;
grant insert, select on perennial.operation to perennial_app;
grant select on perennial.operation to perennial_engine;
grant select on perennial.outage to perennial_app;
grant insert, select, update on perennial.outage to perennial_engine;
grant select on perennial.outage_item to perennial_app;
grant insert, select on perennial.outage_item to perennial_engine;
grant select on perennial.parking to perennial_app;
grant delete, insert, select, update on perennial.parking to perennial_engine;
grant select on perennial.placed to perennial_engine;
grant select on perennial.private_content to perennial_app;
grant select on perennial.private_content to perennial_engine;
grant select on perennial.process to perennial_app;
grant select on perennial.process to perennial_engine;
grant select on perennial.programme_party to perennial_app;
grant select on perennial.programme_party to perennial_engine;
grant delete, insert, select on perennial.sandbox to perennial_app;
grant select on perennial.sandbox to perennial_engine;
grant insert, select on perennial.sandbox_member to perennial_app;
grant select on perennial.sandbox_member to perennial_engine;
grant select on perennial.sequencer to perennial_engine;
grant select on perennial.stream to perennial_app;
grant select on perennial.stream to perennial_engine;
grant select on perennial.task to perennial_app;
grant select on perennial.task to perennial_engine;
grant select on perennial.task_count to perennial_app;
grant select on perennial.task_count to perennial_engine;
grant select on perennial.trace to perennial_engine;
grant select on perennial.watch to perennial_app;
grant delete, insert, select on perennial.watch to perennial_engine;
grant select on perennial.webhook_delivery to perennial_app;

-- rights on columns

grant update (finished_at, leased_until, problem, progress, result, started_at, status) on perennial.operation to perennial_engine;
grant update (leased_until, release, told) on perennial.process to perennial_engine;
grant update (now) on perennial.sandbox to perennial_engine;

-- rights on functions

grant execute on function perennial.add_credential(text,text,text,timestamp with time zone) to perennial_app, perennial_engine;
grant execute on function perennial.as_read(perennial.stream) to perennial_app, perennial_engine;
grant execute on function perennial.ask_for_link(text) to perennial_app;
grant execute on function perennial.begin_flow(text,text,text,text,text,text) to perennial_app;
grant execute on function perennial.drop_webhook_secrets(text[]) to perennial_app;
grant execute on function perennial.end_flow(text,text,text) to perennial_app;
grant execute on function perennial.end_session(text,text) to perennial_app;
grant execute on function perennial.end_webhook(text,integer,jsonb) to perennial_engine;
grant execute on function perennial.engine_room(text) to perennial_app, perennial_engine;
grant execute on function perennial.find_calendar(text) to perennial_app;
grant execute on function perennial.find_credential(text) to perennial_app, perennial_engine;
grant execute on function perennial.find_link(text) to perennial_app;
grant execute on function perennial.find_password(text) to perennial_app;
grant execute on function perennial.find_proof(text,text) to perennial_app;
grant execute on function perennial.forget_knocks(text,text,integer) to perennial_app;
grant execute on function perennial.identities_of(text,text,integer) to perennial_app;
grant execute on function perennial.in_sandbox(text) to perennial_app, perennial_engine;
grant execute on function perennial.is_over(text) to perennial_app, perennial_engine;
grant execute on function perennial.is_recorded(text) to perennial_app;
grant execute on function perennial.iso(timestamp with time zone) to perennial_app, perennial_engine;
grant execute on function perennial.keep_proof(text,text,text,text) to perennial_app;
grant execute on function perennial.keep_webhook_secret(text,text,bytea) to perennial_app;
grant execute on function perennial.keeps(text) to perennial_app, perennial_engine;
grant execute on function perennial.kept_organisations() to perennial_app, perennial_engine;
grant execute on function perennial.link_identity(text,text,text,text,text) to perennial_app;
grant execute on function perennial.link_identity_by_link(text,text,text,text) to perennial_app;
grant execute on function perennial.lock_command(jsonb) to perennial_app, perennial_engine;
grant execute on function perennial.looked_at(text[]) to perennial_engine;
grant execute on function perennial.make_link(text,text) to perennial_engine;
grant execute on function perennial.mark_notice(text,text,boolean) to perennial_app;
grant execute on function perennial.mark_notices(text,text) to perennial_app;
grant execute on function perennial.me() to perennial_app, perennial_engine;
grant execute on function perennial.mine() to perennial_app, perennial_engine;
grant execute on function perennial.note_fetch(text) to perennial_app;
grant execute on function perennial.note_use(text) to perennial_app;
grant execute on function perennial.note_webhooks(integer) to perennial_engine;
grant execute on function perennial.open_by_proof(text,text,text,text,text) to perennial_app;
grant execute on function perennial.open_in(text[],date) to perennial_app;
grant execute on function perennial.open_session(text,text,text,text) to perennial_app;
grant execute on function perennial.park_process(text,integer,timestamp with time zone,timestamp with time zone,jsonb) to perennial_engine;
grant execute on function perennial.place_entries(text,integer) to perennial_engine;
grant execute on function perennial.programme_of(perennial.stream) to perennial_app, perennial_engine;
grant execute on function perennial.put_off_link(bigint) to perennial_engine;
grant execute on function perennial.reach_of(text) to perennial_app;
grant execute on function perennial.read_command(jsonb) to perennial_app, perennial_engine;
grant execute on function perennial.read_people(text[]) to perennial_app, perennial_engine;
grant execute on function perennial.redeliver_webhook(text,text) to perennial_app;
grant execute on function perennial.remove_identity(text,text) to perennial_app;
grant execute on function perennial.revoke_credentials(text) to perennial_app, perennial_engine;
grant execute on function perennial.sent_link(bigint,integer) to perennial_engine;
grant execute on function perennial.sessions_of(text) to perennial_app;
grant execute on function perennial.set_password(text,text) to perennial_app;
grant execute on function perennial.settled() to perennial_app;
grant execute on function perennial.standing() to perennial_app;
grant execute on function perennial.take_link(text,integer) to perennial_engine;
grant execute on function perennial.take_webhooks(integer,integer,integer) to perennial_engine;
grant execute on function perennial.tasks_to_look_at(integer) to perennial_engine;
grant execute on function perennial.tidy_sign_in() to perennial_engine;
grant execute on function perennial.tidy_traces() to perennial_engine;
grant execute on function perennial.tidy_webhooks() to perennial_engine;
grant execute on function perennial.try_knock(text,text,integer,integer) to perennial_app;
grant execute on function perennial.write_command(jsonb,text) to perennial_app, perennial_engine;
grant execute on function perennial.write_traced(jsonb,text,text) to perennial_app, perennial_engine;

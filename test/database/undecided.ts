import type { Id } from '#domain/actor.js';
import { civilDate } from '#domain/instant.js';
import { entryText, leafHash } from '#database/ledger/entry.js';
import { rebuild } from '#database/rebuild.js';
import { machineSource, newId } from '#platform/ids.js';
import type { Entry } from '#rehearsal/play/door.js';
import { play } from '#rehearsal/play/player.js';
import type { Script } from '#rehearsal/play/script.js';
import { RehearsalDoor } from '../../apps/cli/journey/rehearsal-door.js';
import { instantOf } from '../../apps/cli/journey/tools.js';
import type { Somebody, World } from './world.js';
import { scriptIn } from '../support/script-in.js';

const SAMPLE = 'samples/customer-chat-assistant.yaml';
const DRAFT = 'late-major';
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID = /\b[a-z]{2,4}_[0-9a-hjkmnp-tv-z]{26}\b/g;

/** A programme whose complete dossier is under review, while the lead auditor holds a draft of a major. */
export interface Undecided {
  readonly programme: Id;
  readonly dossier: Id;
  readonly certificate: Id;
  readonly draft: Id;
  readonly lead: Somebody;
  readonly maker: Somebody;
}

/** As many such programmes of one client and one body: one is rehearsed, its facts are told of each, the tables follow. */
export async function undecided(world: World, many: number): Promise<readonly Undecided[]> {
  const { entries, things } = await rehearsed();
  const programme = things('programme');
  const [own, around] = [true, false].map((is) =>
    entries.filter(({ fact }) => belongs(fact.stream, programme, entries) === is),
  );
  await onClock(world, things('larkfield'), things('meridian'));
  await write(world, around ?? []);
  for (let place = 0; place < many; place += 1) await write(world, renamed(own ?? [], ids(own ?? []), place));
  await rebuild(world.database.ownerUrl);
  const names = ids(own ?? []);
  const person = (name: string): Somebody => ({ id: things(name), organisation: things('meridian') });
  return Array.from({ length: many }, (_, place) => {
    const of = (name: string): Id => numbered(things(name), names, place);
    const [dossier, certificate, draft] = [of('dossier'), of('certificate'), of(DRAFT)];
    return {
      programme: of('programme'),
      dossier,
      certificate,
      draft,
      lead: person('lena'),
      maker: person('dario'),
    };
  });
}

/** The sample up to the day of the decision, with one more finding that was drafted and never raised. */
async function rehearsed(): Promise<{ entries: readonly Entry[]; things: (name: string) => Id }> {
  const { story, names, unmet } = await play(beforeDecision(), new RehearsalDoor());
  if (unmet.length > 0) throw new Error(JSON.stringify(unmet));
  const entries = story.entries.filter(({ kind }) => !['task', 'notice', 'apiKey'].includes(kind));
  return { entries, things: (name) => names.id(name) };
}

function beforeDecision(): Script {
  const { acts, ...script } = scriptIn(SAMPLE);
  const end = acts.findIndex(({ does, refused }) => does === 'decide' && refused === undefined);
  const drafted = acts.findIndex(({ makes }) => makes.includes('major'));
  const draft = acts.slice(drafted, drafted + 1).map((act) => ({ ...act, makes: [DRAFT] }));
  const ends = acts[end]?.on ?? script.ends;
  const expected = { stages: [], dates: [], reminders: [] };
  return {
    ...script,
    ends,
    expected,
    acts: [...acts.slice(0, drafted), ...draft, ...acts.slice(drafted, end)],
  };
}

const belongs = (stream: Id, programme: Id, entries: readonly Entry[]): boolean =>
  stream === programme ||
  entries.some(({ fact }) => fact.stream === stream && fact.opens?.programme === programme);

const ids = (entries: readonly Entry[]): ReadonlySet<Id> =>
  new Set(entries.flatMap(({ fact }) => [fact.stream, ...(fact.command.match(/^cmd_.*/) ?? [])]));

/** An id that ends with the place, if it is one of those that each programme has for itself. */
const numbered = (id: Id, own: ReadonlySet<Id>, place: number): Id =>
  own.has(id)
    ? `${id.slice(0, -2)}${ALPHABET.charAt(Math.floor(place / 32))}${ALPHABET.charAt(place % 32)}`
    : id;

const renamed = (entries: readonly Entry[], own: ReadonlySet<Id>, place: number): readonly Entry[] =>
  JSON.parse(JSON.stringify(entries).replace(ID, (id) => numbered(id, own, place))) as readonly Entry[];

async function onClock({ look, admin }: World, ...organisations: readonly Id[]): Promise<void> {
  const [id, zone] = [newId('sbx', machineSource), 'Europe/Berlin'];
  const now = instantOf(civilDate('2027-07-19'), 'office', zone);
  await look(
    "insert into perennial.sandbox (id, name, organisation, zone, now, seed) values ($1, 'A clock', $2, $3, $4, 'any')",
    [id, admin.organisation, zone, now],
  );
  await look('insert into perennial.sandbox_member (organisation, sandbox) select unnest($1::text[]), $2', [
    organisations,
    id,
  ]);
}

async function write({ look }: World, entries: readonly Entry[]): Promise<void> {
  const places = new Map<string, number>();
  const rows = entries.map(({ kind, fact }) => {
    const ordinal = places.get(fact.command) ?? 0;
    places.set(fact.command, ordinal + 1);
    const organisation = ownerOf(fact.stream, entries);
    const log = `perennial.localhost/log/${organisation}/1`;
    const body = entryText(fact, { id: newId('ent', machineSource), log, ordinal, kind, auth: 'rehearsal' });
    const { stream, version, command, type, actor, at } = fact;
    const leaf = leafHash(body);
    return { organisation, log, stream, version, command, ordinal, type, actor: actor.id, at, body, leaf };
  });
  await look(INSERT, [JSON.stringify(rows)]);
}

const ownerOf = (stream: Id, entries: readonly Entry[]): Id =>
  entries.find(({ fact }) => fact.stream === stream)?.fact.opens?.organisation ?? '';

const INSERT = `
  insert into perennial.ledger_entry
    (organisation, log, stream, version, command, ordinal, type, actor, recorded_at, body, leaf_hash)
  select e.organisation, e.log, e.stream, e.version, e.command, e.ordinal, e.type, e.actor, e.at,
    convert_to(e.body, 'UTF8'), decode(e.leaf, 'hex')
  from jsonb_to_recordset($1) as e(organisation text, log text, stream text, version integer, command text, ordinal integer,
    type text, actor text, at timestamptz, body text, leaf text)`;

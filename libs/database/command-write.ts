import type { Id } from '#domain/actor.js';
import { hasEnded, type Fact, type Thing } from '#domain/machine.js';
import { machineOf } from '#domain/machines.js';
import type { Obligation } from '#domain/obligation.js';
import { opens, processId } from '#domain/process/routing.js';
import { programmeOf } from '#domain/programme/parties.js';
import type { Loaded, NewFact, Recorded } from '#domain/record.js';
import { entryText, leafHash } from './ledger/entry.js';
import { sidesOf } from './situation.js';

/** A text behind a commitment, with the salt that hides it. */
export interface PrivateText {
  readonly commitment: string;
  readonly name: string;
  readonly ordinal: number;
  readonly salt: string;
  readonly content: string;
}

/** What all entries of one command share. */
export interface Log {
  readonly organisation: Id;
  readonly origin: string;
  readonly auth: string;
  readonly entryIds: readonly Id[];
}

/** The rows that a command leaves behind, in the shape of `write_command`. */
export function rowsOf(
  recorded: Recorded,
  loaded: readonly Loaded[],
  texts: readonly PrivateText[],
  log: Log,
): object {
  const before = new Map(loaded.map(({ thing, version }) => [thing.id, version]));
  const streams = recorded.things.map((one) => streamRow(one, before.get(one.thing.id) ?? 0, recorded.facts));
  const derived = derivedRows(recorded);
  return withoutEmpty({
    entries: recorded.facts.map((one, ordinal) => entryRow(one, ordinal, log)),
    made: streams.filter((row) => row.before === 0),
    moved: streams.filter((row) => row.before > 0),
    texts: texts.map(({ ordinal, ...text }) => ({ ...text, stream: recorded.facts[ordinal]?.fact.stream })),
    ...derived,
    owing: derived.owing.filter(({ stream }) => (before.get(stream) ?? 0) > 0), // of what is new, nothing is taken away
  });
}

/** PostgreSQL is not asked to write nothing. */
const withoutEmpty = (rows: Readonly<Record<string, readonly object[]>>): object =>
  Object.fromEntries(Object.entries(rows).filter(([, list]) => list.length > 0));

/** What follows from facts and states: the same for a command and for a rebuild. */
export function derivedRows({ facts, things }: Recorded) {
  const at = facts.at(-1)?.fact.at;
  const programmes = things.map(({ thing }) => thing).filter(({ kind }) => kind === 'programme');
  const owing = things.filter(({ thing }) => machineOf(thing.kind).obligations !== undefined);
  return {
    parties: programmes.flatMap((thing) =>
      sidesOf(thing).map((one) => ({ ...one, programme: thing.id, at })),
    ),
    joined: programmes.map((thing) => ({
      programme: thing.id,
      organisations: sidesOf(thing).map(({ organisation }) => organisation),
      at,
    })),
    owing: owing.map(({ thing }) => ({ stream: thing.id, keys: owedBy(thing).map(({ key }) => key) })),
    obligations: owing.flatMap(({ thing }) => owedBy(thing).map((one) => obligationRow(thing.id, one))),
    processes: facts.flatMap(({ fact }) => processRows(fact, things)),
  };
}

function entryRow(
  { kind, fact }: NewFact,
  ordinal: number,
  { organisation, origin, auth, entryIds }: Log,
): object {
  const { stream, version, command, type, actor, at } = fact;
  const body = entryText(fact, { id: entryIds[ordinal] ?? '', log: origin, ordinal, kind, auth });
  return {
    organisation,
    log: origin,
    stream,
    version,
    command,
    ordinal,
    type,
    actor: actor.id,
    recorded_at: at,
    body,
    leaf: leafHash(body),
  };
}

/** The row of a thing, as `write_command` and a rebuild write it. */
export function streamRow({ thing, version }: Loaded, before: number, facts: readonly NewFact[]) {
  const own = facts.filter(({ fact }) => fact.stream === thing.id);
  const visibility = own.find(({ fact }) => fact.opens)?.fact.opens?.visibility;
  if (before === 0 && visibility === undefined)
    throw new Error(`${thing.kind} ${thing.id} began without belongings`);
  const { id, kind, organisation, about, number, stage } = thing;
  return {
    ...{
      id,
      kind,
      organisation,
      programme: programmeOf(thing),
      about,
      visibility,
      number,
      stage,
      version,
      before,
    },
    state: thing,
    ended: hasEnded(machineOf(kind), thing),
    at: own.at(-1)?.fact.at,
  };
}

const owedBy = (thing: Thing): readonly Obligation[] => machineOf(thing.kind).obligations?.(thing) ?? [];

const obligationRow = (
  stream: Id,
  { key, what, due, ladder, escalation, owedBy: owed_by }: Obligation,
): object => ({
  ...{ stream, key, what, due: due.date, kind: due.kind, rule: due.rule, ladder, escalation, owed_by },
  explanation: due,
});

function processRows(fact: Fact, things: readonly Loaded[]) {
  const name = opens[fact.type];
  const subject = things.find(({ thing }) => thing.id === fact.stream);
  if (name === undefined || !subject) return [];
  const { thing, version } = subject;
  const status = hasEnded(machineOf(thing.kind), thing) ? 'closed' : 'open';
  return [
    {
      ...{ id: processId(name, thing.id), name, subject: thing.id, organisation: thing.organisation },
      ...{
        programme: programmeOf(thing),
        status,
        opened_by: `${fact.stream}/${fact.version}`,
        last: version,
      },
    },
  ];
}

import type { Situation } from '#domain/act.js';
import { actorOf } from '#domain/actor-of.js';
import type { Actor, Id, Side } from '#domain/actor.js';
import { apiKeyMachine } from '#domain/api-key/api-key.js';
import { civilDate, instant, type CivilDate, type Instant } from '#domain/instant.js';
import { hasEnded, type Thing } from '#domain/machine.js';
import { machineOf } from '#domain/machines.js';
import { isPerson } from '#domain/person/facts.js';
import { policyFor } from '#domain/policy-version/policy-version.js';
import { partiesOf, programmeOf } from '#domain/programme/parties.js';
import { zoneOf } from '#domain/programme/zone.js';
import type { Loaded } from '#domain/record.js';
import { civilDateAt, startOfDate } from '#platform/zone.js';
import type { CommandIds } from './command-ids.js';
import type { Found } from './command-read.js';

const HALF_A_DAY_MS = 12 * 60 * 60 * 1000;

/** What is known before the situation is put together. */
export interface Known {
  readonly subject: Loaded;
  readonly actor: Actor;
  readonly now: Instant;
  /** The series of numbers and the next one of it, for a command that numbers what it makes. */
  readonly number?: { readonly series: string; readonly count: number } | undefined;
  readonly ids: CommandIds;
}

/** Everything on which the answer rests, from what was read. */
export function situationOf(found: Found, known: Known): Situation {
  const { subject, actor, now, number, ids } = known;
  const things = found.things.map(({ thing }) => thing);
  const under = found.under?.thing;
  const made = subject.version > 0 ? [subject.thing] : []; // what is only being made has no zone of its own yet
  const around = [...made, ...(under ? [under] : []), ...things];
  const zone = zoneOf(around, found.owner) ?? found.sandbox?.zone ?? 'UTC';
  const today = civilDate(civilDateAt(now, zone));
  return {
    subject: subject.thing,
    version: subject.version,
    actor,
    now,
    today,
    ...standing(found, subject.thing, zone),
    zone,
    policy: policyFor({ subject: subject.thing, under, things }, found.owner),
    things,
    atAddress: found.atAddress,
    ...(under ? { under } : {}),
    newNumber: number === undefined ? '' : numberFor(number, today),
    sandbox: found.sandbox !== null,
    newId: (prefix, ordinal) => ids.newId(prefix, ordinal),
  };
}

/** Since when its stage counts, and what the first of two agreed to. */
const standing = (
  { agreed }: Found,
  { since }: Thing,
  zone: string,
): Pick<Situation, 'since' | 'agreed'> => ({
  ...(since ? { since: civilDate(civilDateAt(since, zone)) } : {}),
  ...(agreed === null ? {} : { agreed }),
});

/** `AIMS-2029-0042`: the series, the year in which it is given, and how many the series has. */
const numberFor = ({ series, count }: NonNullable<Known['number']>, today: CivilDate): string =>
  `${series}-${today.slice(0, 4)}-${String(count).padStart(4, '0')}`;

/** A back-dated act counts from twelve hours after its day began: at noon, but for days of 23 or 25 hours. */
export function effectiveAt(effectiveOn: CivilDate | undefined, { now, today, zone }: Situation): Instant {
  if (effectiveOn === undefined || effectiveOn >= today) return now;
  return instant(new Date(Date.parse(startOfDate(effectiveOn, zone)) + HALF_A_DAY_MS).toISOString());
}

/** Perennial itself, acting on what belongs to this organisation. */
export const engineOf = (organisation: Id): Actor => ({
  id: 'process',
  kind: 'engine',
  organisation,
  human: 'process',
  grants: [],
  alsoIn: [],
});

/** The person or key that acts; none when the account has come to its end. */
export function actorIn(found: Found, now: () => number): Actor | undefined {
  const actor = accountOf(found);
  return actor && found.sandbox !== null && found.visiting ? visitor(actor, isoOf(now).slice(0, 10)) : actor;
}

function accountOf({ principal, subject, things }: Found): Actor | undefined {
  const account = principal?.thing;
  if (!account || !(isPerson(account) || apiKeyMachine.is(account))) return undefined;
  if (hasEnded(machineOf(account.kind), account)) return undefined;
  const rows = subject ? [subject, ...things] : things;
  return actorOf(
    account,
    rows.map(({ thing }) => thing),
  );
}

/** Who keeps a sandbox from outside holds roles by the days of the real clock, whatever the sandbox's shows. */
const visitor = (actor: Actor, day: string): Actor => ({
  ...actor,
  grants: actor.grants
    .filter(({ from, until }) => from <= day && (until === undefined || day <= until))
    .map(({ until: _, ...grant }) => ({ ...grant, from: civilDate('1900-01-01') })),
});

/** The organisation's clock: the sandbox's where it is in one. */
export const clockOf = ({ sandbox }: Found, now: () => number): Instant => sandbox?.now ?? isoOf(now);

const isoOf = (now: () => number): Instant => instant(new Date(now()).toISOString());

/** The situation after the command: what moved, as it stands now. */
export function after(before: Situation, moved: readonly Loaded[]): Situation {
  const now = new Map(moved.map((one) => [one.thing.id, one]));
  const subject = now.get(before.subject.id);
  const fresh = (thing: Thing): Thing => now.get(thing.id)?.thing ?? thing;
  return {
    ...before,
    subject: subject?.thing ?? before.subject,
    version: subject?.version ?? before.version,
    things: before.things.map(fresh),
    ...(before.under ? { under: fresh(before.under) } : {}),
  };
}

/** Whom a programme joins, side by side. */
export function sidesOf(programme: Thing): readonly { readonly side: Side; readonly organisation: Id }[] {
  const { client, certificationBody } = partiesOf([programme], programmeOf(programme)) ?? {};
  return [
    ...(client === undefined ? [] : [{ side: 'client' as const, organisation: client }]),
    ...(certificationBody === undefined
      ? []
      : [{ side: 'certificationBody' as const, organisation: certificationBody }]),
  ];
}

import type { Collection } from '#contract/collection.js';
import { collectionOf } from '#contract/routes/all.js';
import { kebab } from '#contract/route.js';
import { mayAct, stood, type Situation, type Stood } from '#domain/act.js';
import type { CommandRule, Thing } from '#domain/machine.js';
import type { Refusal } from '#domain/refusal.js';

/** What is to be shown of a thing besides what always is. */
export interface Include {
  readonly explanations: boolean;
  readonly actions: 'none' | 'mine' | 'all';
}

export const includeOf = (words: string | undefined): Include => {
  const list = words?.split(',') ?? [];
  const mine = list.includes('actions') ? 'mine' : 'none';
  return {
    explanations: list.includes('explanations'),
    actions: list.includes('actions.all') ? 'all' : mine,
  };
};

/** Where a thing is found. */
export const addressOf = (thing: Thing): string =>
  `/v1/${collectionOf(thing.kind)?.name ?? thing.kind}/${thing.id}`;

/** A thing as it is to be shown. */
export interface Portrait {
  readonly thing: Thing;
  readonly version: number;
  readonly sandbox: boolean;
  readonly updatedAt: string;
}

/** A thing as the door shows it: the members of its kind, and what all things have; nothing that the engine alone needs. */
export function represent(
  { thing, version, sandbox, updatedAt }: Portrait,
  explanations = false,
): Record<string, unknown> {
  const { id, kind, number, organisation, programme, about, stage } = thing;
  return {
    ...ownMembers(thing, explanations),
    id,
    object: kind,
    number: number === undefined || number === '' ? null : number,
    organisation,
    programme: programme ?? null,
    about: about ?? null,
    version,
    state: stage,
    updatedAt,
    clock: sandbox ? 'sandbox' : 'real',
    links: linksOf(thing),
  };
}

const ofTheEngine = [
  ...['stage', 'entered', 'enteredAt', 'since', 'texts', 'awaited', 'hash'],
  ...['signsWith', 'signedWith', 'pairedWith'],
];
/** What the door has a word of its own for. */
const renamed: Readonly<Record<string, string>> = { version: 'edition' };

/** What this kind of thing has beside what all have; members that are empty are null. */
function ownMembers(thing: Thing, explanations: boolean): Record<string, unknown> {
  const empty = (collectionOf(thing.kind)?.members ?? []).map((name) => [name, null] as const);
  const own = Object.entries(thing).filter(([name]) => !ofTheEngine.includes(name));
  const shown = own.map(
    ([name, value]) => [renamed[name] ?? name, explanations ? value : brief(value)] as const,
  );
  return Object.fromEntries([...empty, ...shown]);
}

function linksOf(thing: Thing): Record<string, string> {
  const self = addressOf(thing);
  return {
    self,
    entries: `${self}/entries`,
    obligations: `${self}/obligations`,
    ...(thing.programme === undefined ? {} : { programme: `/v1/programmes/${thing.programme}` }),
  };
}

/** A date that a rule made is shown without the way to it, wherever it stands. */
function brief(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(brief);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  const explained = 'date' in value && 'rule' in value && 'basis' in value;
  return Object.fromEntries(
    members.filter(([name]) => !explained || name !== 'basis').map(([name, member]) => [name, brief(member)]),
  );
}

export interface Action {
  readonly name: string;
  readonly does: string;
  readonly allowed: boolean;
  readonly href: string;
  readonly person: boolean;
  readonly refusal?: Refusal;
}

/** What this caller may do with the thing now, and why not the rest: the very question that the command will be asked. */
export function actionsOf(situation: Situation, which: 'mine' | 'all'): readonly Action[] {
  const collection = collectionOf(situation.subject.kind);
  if (!collection) return [];
  const here = stood(situation);
  return Object.entries(collection.machine.commands)
    .filter(([type, rule]) => type in collection.commands && rule.from.some((stage) => stage !== 'none'))
    .map(([type, rule]) => action(collection, type, rule, here))
    .filter(({ refusal }) => which === 'all' || refusal?.code !== 'not-permitted');
}

function action(collection: Collection, type: string, rule: CommandRule, situation: Stood): Action {
  const possible = mayAct(collection.machine, type, situation);
  const refusal = 'refused' in possible ? possible.refused[0] : undefined;
  return {
    name: type,
    does: rule.does,
    allowed: refusal === undefined,
    href: `/v1/${collection.name}/${situation.subject.id}/${kebab(type)}`,
    person: rule.person === true,
    ...(refusal ? { refusal } : {}),
  };
}

/** Who is awaited when two must act and one of them has. */
export const awaitingOf = ({ awaited }: Thing): { awaiting?: readonly { role: string; queue: string }[] } =>
  awaited ? { awaiting: awaited.awaits.map((role) => ({ role, queue: role })) } : {};

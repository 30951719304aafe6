import { thingOf, type Which } from '#database/reading/things.js';
import { rolesOn, type Actor } from '#domain/actor.js';
import { isCivilDate } from '#domain/instant.js';
import type { Thing } from '#domain/machine.js';
import type { Caller } from '../http/visit.js';

type Words = Readonly<Record<string, string | undefined>>;
type Client = Parameters<typeof thingOf>[0];

/** What the parameters of a list narrow it to. */
export async function narrowing(client: Client, kind: string, query: Words, caller: Caller): Promise<Which> {
  const { state, programme, about } = query;
  const common = {
    kind,
    ...(state === undefined ? {} : { stages: state.split(',') }),
    ...(programme === undefined ? {} : { programme }),
    ...(about === undefined ? {} : { about }),
  };
  return kind === 'task' ? { ...common, ...(await tasksIn(client, query, caller)) } : common;
}

/** The inbox: mine, open to my roles, waiting for others, done. */
async function tasksIn(
  client: Client,
  { view, queue }: Words,
  { principal }: Caller,
): Promise<Partial<Which>> {
  const asked = queue === undefined ? {} : { match: { queue } };
  if (view === 'mine') return { stages: ['claimed'], match: { claimant: principal, ...asked.match } };
  if (view === 'done') return { stages: ['done'], ...asked };
  if (view === 'waiting') return { stages: ['open', 'claimed'], ...asked };
  if (view !== 'claimable' || queue !== undefined) return asked;
  const [role] = rolesOf((await thingOf(client, principal))?.thing);
  return { stages: ['open'], ...(role === undefined ? {} : { match: { queue: role } }) };
}

function rolesOf(thing: Thing | undefined): readonly string[] {
  const day = thing?.enteredAt?.slice(0, 10) ?? '';
  if (!thing || !hasGrants(thing) || !isCivilDate(day)) return [];
  const actor = {
    id: thing.id,
    kind: 'person',
    organisation: thing.organisation,
    human: thing.id,
    alsoIn: [],
  } as const;
  return rolesOn({ ...actor, grants: thing.grants }, day, undefined);
}

const hasGrants = (thing: Thing): thing is Thing & Pick<Actor, 'grants'> => 'grants' in thing;

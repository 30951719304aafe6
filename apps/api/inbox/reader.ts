import type { Reader } from '#database/reading/inbox.js';
import { clockOver } from '#database/reading/past.js';
import { thingOf } from '#database/reading/things.js';
import { actorOf } from '#domain/actor-of.js';
import { civilDate, instant } from '#domain/instant.js';
import { organisationIn } from '#domain/organisation/organisation.js';
import { heldRoles } from '#domain/task/inbox.js';
import { civilDateAt } from '#platform/zone.js';
import type { Visitor } from '../http/visit.js';

type Client = Parameters<typeof thingOf>[0];

/** Somebody with the roles that they hold today, on the clock and in the zone of their organisation; `now` is that of the real one. */
export async function readerOf(
  client: Client,
  { principal, organisation }: Pick<Visitor, 'principal' | 'organisation'>,
  now: number,
): Promise<Reader> {
  const found = [await thingOf(client, principal), await thingOf(client, organisation, 'organisation')];
  const [account, home] = found.map((shown) => shown?.thing);
  const clock = await clockOver(client, instant(new Date(now).toISOString()), organisation);
  const zone = (home && organisationIn([home], organisation)?.zone) ?? 'UTC';
  const today = civilDate(civilDateAt(clock, zone));
  const roles = account ? heldRoles(actorOf(account, []), today) : [];
  return { account: principal, organisation, roles, today };
}

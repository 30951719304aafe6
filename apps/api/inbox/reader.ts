import type { ClientBase } from 'pg';
import type { Reader } from '#database/reading/inbox.js';
import type { Viewer } from '#database/reading/view.js';
import { whoeverReads } from '#database/reading/whoever.js';
import { actorOf } from '#domain/actor-of.js';
import { civilDate, instant } from '#domain/instant.js';
import { organisationIn } from '#domain/organisation/organisation.js';
import { heldRoles } from '#domain/task/inbox.js';
import { civilDateAt } from '#platform/zone.js';

/** Somebody with the roles that they hold today, on the clock and in the zone of their organisation; `now` is that of the real one. */
export async function readerOf(client: ClientBase, viewer: Viewer, now: number): Promise<Reader> {
  const { principal: account, organisation } = viewer;
  const found = await whoeverReads(client, viewer, instant(new Date(now).toISOString()));
  const zone = (found.home && organisationIn([found.home], organisation)?.zone) ?? 'UTC';
  const today = civilDate(civilDateAt(found.now, zone));
  const roles = found.account ? heldRoles(actorOf(found.account, []), today) : [];
  return { account, organisation, roles, today };
}

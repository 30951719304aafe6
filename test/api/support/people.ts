import { people } from '#contract/routes/people.js';
import { sandboxes } from '#contract/routes/sandboxes.js';
import type { Id, Role } from '#domain/actor.js';
import type { CivilDate } from '#domain/instant.js';
import type { ApiDoor } from './door.js';

/** Somebody who acts at the door. */
export interface Somebody {
  readonly id: Id;
  readonly token: string;
  readonly organisation: Id;
}

/** How somebody comes to an organisation. */
export interface Joins {
  readonly organisation: Id;
  readonly name: string;
  readonly mail: string;
  readonly roles: readonly Role[];
  readonly from?: CivilDate;
  readonly until?: CivilDate;
  readonly sameHumanAs?: Id;
}

/** Invites somebody into an organisation of a sandbox, and lets them accept. */
export async function join(door: ApiDoor, sandbox: Id, { roles, ...joins }: Joins): Promise<Somebody> {
  const [owner, key] = [door.as(), `${sandbox}/${joins.mail}`];
  const body = { ...joins, roles: [...roles] };
  const { id, version } = await owner.call(people.commands.invitePerson, { key, body });
  const acting = { params: { id: sandbox }, key: `${key}/token`, body: { person: id } };
  const { token } = await owner.call(sandboxes.actAs, acting);
  await door.as(token).call(people.commands.acceptInvitation, {
    ...{ params: { id }, key: 'joins', version, body: {} },
  });
  return { id, token, organisation: joins.organisation };
}

import type { Actor, Id } from '../actor.js';
import type { CivilDate } from '../instant.js';
import type { Thing } from '../machine.js';

/** What findings and decisions look at in an audit: its kind, who was in the team, and its last day. */
export interface Audited extends Thing {
  readonly kind: 'audit';
  readonly auditType: string;
  readonly team: readonly { readonly person: Id; readonly function: string }[];
  /** Everybody who was ever in the team: corrections never erase an act. (SOD-1) */
  readonly everInTeam: readonly Id[];
  readonly lastDay?: CivilDate;
}

/** An audit among other things. */
export const isAudited = (thing: Thing): thing is Audited => thing.kind === 'audit' && thing.stage !== 'none';

/** True when the id is an account of the human who acts. */
export const isSameHuman = ({ id, human }: Pick<Actor, 'id' | 'human'>, other: Id): boolean =>
  other === id || other === human;

/** True when the actor is in the team of the audit now. */
export const isInTeam = ({ team }: Audited, actor: Actor): boolean =>
  team.some(({ person }) => isSameHuman(actor, person));

/** True when the actor is or was in the team of the audit. */
export const wasInTeam = ({ everInTeam }: Audited, actor: Actor): boolean =>
  everInTeam.some((person) => isSameHuman(actor, person));

import { isSameHuman, type Actor, type Id } from '../actor.js';
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

type Somebody = Pick<Actor, 'id' | 'human'>;

/** What somebody does in the team of the audit now; nothing when they are not in it. */
export const functionOf = ({ team }: Audited, somebody: Somebody): string | undefined =>
  team.find(({ person }) => isSameHuman(somebody, person))?.function;

/** True when somebody is or was in the team of the audit, whatever they did in it. (SOD-1) */
export const wasInTeam = ({ everInTeam }: Audited, somebody: Somebody): boolean =>
  everInTeam.some((person) => isSameHuman(somebody, person));

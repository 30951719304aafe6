import type { Id } from '../actor.js';
import type { Thing } from '../machine.js';

/** What a decision rests on, and the decision itself. (SM-5) */
export interface Dossier extends Thing {
  readonly kind: 'dossier';
  /** The audits on which the decision rests. */
  readonly audits: readonly Id[];
}

/** A dossier among other things. */
export const isDossier = (thing: Thing): thing is Dossier => thing.kind === 'dossier';

/** True when a decision that rests on the audit has been made. (R-DEC-2) */
export const wasDecidedOn = (things: readonly Thing[], audit: Id | undefined): boolean =>
  things
    .filter(isDossier)
    .some(
      ({ stage, audits }) =>
        (stage === 'decided' || stage === 'notified') && audits.some((id) => id === audit),
    );

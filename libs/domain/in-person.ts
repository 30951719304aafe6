import type { Id, Who } from './actor.js';
import { refusal, type Refusal } from './refusal.js';

// What stands against somebody who acts, whatever it is that they want to do.

/** In none of the roles that may. (R-GEN-1) */
export const notPermitted = (whoCould: readonly Who[]): Refusal =>
  refusal('not-permitted', ['R-GEN-1'], 'You hold no role that may do this here.', { whoCould });

/** A machine where a human being must act. (R-GEN-1) */
export const personRequired = (whoCould: readonly Who[]): Refusal =>
  refusal('person-required', ['R-GEN-1'], 'A person must do this; a key or a process cannot.', { whoCould });

/** One human on both sides. (SOD-10) */
export const bothSides = (account: Id): Refusal =>
  refusal(
    'separation-of-duties',
    ['SOD-10', 'R-GEN-6'],
    'You have an account on the other side of this programme too.',
    {
      wouldNeed: 'somebody who belongs to one side alone',
      because: [{ thing: account, act: 'person.invited' }],
    },
  );

/** What a body that is a record does inside. (R-GEN-6) */
export const amongItsPeople: Refusal = refusal(
  'not-permitted',
  ['R-GEN-6'],
  'This happens among the people of the body; a client records what reaches it.',
);

/** The first of two cannot be the second. (SUP-0) */
export const sameHand = (whoCould: readonly Who[]): Refusal =>
  refusal('four-eyes-required', ['SUP-0'], 'You have acted already; a second person must confirm.', {
    whoCould,
  });

import type { Outcome } from './act.js';
import type { Machine, Thing } from './machine.js';
import type { RefusalCode, RuleId, WarningCode } from './refusal.js';

/** Something that a specification tried: the command, who, what came of it, and the things that stand after it. */
export interface Tried {
  readonly machine: Machine;
  readonly command: string;
  readonly by: 'person' | 'machine' | 'engine';
  readonly outcome: Outcome;
  readonly things: readonly Thing[];
}

/** Something that a specification expected, and that came so. */
export interface Shown {
  readonly machine: Machine;
  readonly command: string;
  readonly code: RefusalCode | WarningCode;
  readonly rules: readonly RuleId[];
}

/** Whoever watches specifications, to tell afterwards what none of them has shown. */
export class Witness {
  readonly tried: Tried[] = [];
  readonly shown: Shown[] = [];
}

let present: Witness | undefined;

/** From now on everything that specifications try is told to this witness, or to nobody. */
export const watchedBy = (witness: Witness | undefined): void => {
  present = witness;
};

export const tellTried = (one: Tried): void => void present?.tried.push(one);
export const tellShown = (one: Shown): void => void present?.shown.push(one);

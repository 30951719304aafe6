import type { Id, Role, Side } from '#domain/actor.js';
import type { CivilDate } from '#domain/instant.js';
import type { Fact } from '#domain/machine.js';
import type { Refusal, Warning } from '#domain/refusal.js';
import type { Members } from './script.js';

/** A recorded fact with the kind of its thing, as every door tells it. */
export interface Entry {
  readonly kind: string;
  readonly fact: Fact;
}

/** What a door does for somebody: a command with its target, in ids. */
export interface Deed {
  /** The same each time the script is played: retries change nothing, and a sandbox makes its ids from it. */
  readonly key: string;
  readonly by: Id;
  readonly command: string;
  readonly kind: string;
  /** None for a command that makes a thing. */
  readonly target?: Id;
  readonly under?: Id;
  readonly input: Members;
  readonly evidence: readonly Id[];
  readonly reason?: string;
  readonly effectiveOn?: CivilDate;
  readonly signedBy?: string;
  readonly acknowledge: readonly { readonly warning: string; readonly reason: string }[];
}

/** What came of it. */
export type Answer =
  | { readonly refused: readonly Refusal[] }
  | {
      readonly thing: Id;
      readonly stage: string;
      readonly warnings: readonly Warning[];
      /** The roles that are awaited when two must act and this was the first. */
      readonly awaiting: readonly Role[];
    };

/** A file of evidence on its way in. */
export interface FileDeed {
  readonly key: string;
  readonly by: Id;
  readonly programme: Id;
  readonly name: string;
  readonly content: string;
  readonly kind: string;
  readonly datedOn: CivilDate;
  readonly approvedBy?: Id;
}

/** The sandbox that a script is played in. */
export interface Stage {
  readonly name: string;
  readonly starts: CivilDate;
  readonly zone: string;
  readonly seed: string;
  readonly organisations: readonly { readonly name: string; readonly side: Side }[];
}

/** Somebody who joins an organisation. */
export interface Joining {
  readonly key: string;
  readonly organisation: Id;
  readonly name: string;
  readonly mail: string;
  readonly roles: readonly Role[];
  readonly from: CivilDate;
  readonly sameHumanAs?: Id;
}

/** Half past nine, when people have read their mail; or midnight, when the day has passed. */
export type Hour = 'office' | 'end';

/** A way into a world in which a script can be played: over HTTP into a running system, or straight into one in memory. */
export interface Door {
  /** Makes the organisations on one sandbox clock; answers their ids in the order in which they were given. */
  open(stage: Stage): Promise<readonly Id[]>;
  join(person: Joining): Promise<Id>;
  file(file: FileDeed): Promise<Id>;
  act(deed: Deed): Promise<Answer>;
  /** Moves the clock to office hours of a day, after its reminders, or to its end; what is due on the way happens on the way. */
  advance(to: CivilDate, hour: Hour): Promise<void>;
  /** Until every process has done what it has to do and waits again. */
  settle(): Promise<void>;
  /** The facts recorded since the last call, in the order of the ledger. */
  news(): Promise<readonly Entry[]>;
}

import type { Role, Side } from '#domain/actor.js';
import type { CivilDate } from '#domain/instant.js';
import type { RefusalCode, RuleId } from '#domain/refusal.js';

/** What people write in a script stands under names of their own; ids are made when it is played. */
export type Name = string;

/** A value of an input. A text `$name` stands for what bears that name: an id, or a site or an AI system as described. */
export type Value =
  string | number | boolean | null | readonly Value[] | { readonly [member: string]: Value };

/** The members of a value that has some. */
export type Members = Readonly<Record<string, Value>>;

/** An organisation that takes part: the client, or the certification body. */
export interface ScriptOrganisation {
  readonly name: string;
  readonly side: Side;
}

/** One of the people, with the roles that they hold from the first day. */
export interface ScriptPerson {
  readonly name: string;
  readonly mail: string;
  readonly of: Name;
  readonly roles: readonly Role[];
  /** Another person of the script who is the same human. */
  readonly sameHumanAs?: Name;
}

/** A file that shows something: what kind of evidence it is, what it says, of which day, and who approved it. */
export interface ScriptEvidence {
  readonly kind: string;
  readonly datedOn: CivilDate;
  readonly approvedBy?: Name;
  readonly says: string;
}

/** What must come of an act when it must not be done. */
export interface ExpectedRefusal {
  readonly code: RefusalCode;
  readonly rule?: RuleId;
}

/** Somebody does something on a day. */
export interface ScriptAct {
  readonly line: number;
  readonly on: CivilDate;
  readonly who: Name;
  readonly does: string;
  /** The thing that it is done to. */
  readonly to?: Name;
  /** The names of the things that it makes, in the order in which they are opened. */
  readonly makes: readonly Name[];
  /** The thing under which a new one is made. */
  readonly under?: Name;
  readonly with: Members;
  readonly evidence: readonly Name[];
  readonly because?: string;
  readonly effectiveOn?: CivilDate;
  /** Of an act of a body that is a record: who signed it there. */
  readonly signedBy?: string;
  readonly acknowledge: readonly { readonly warning: string; readonly reason: string }[];
  readonly refused?: ExpectedRefusal;
  /** The obligation of the thing whose date must have passed before: this comes late. */
  readonly late?: string;
}

/** Reminders that must have gone out, in this order and no others of the obligation. */
export interface ExpectedReminders {
  readonly line: number;
  readonly about: Name;
  readonly obligation: string;
  readonly sent: readonly string[];
  readonly withdrawn: boolean;
}

/** A stage in which a thing must stand at the end. */
export interface ExpectedStage {
  readonly line: number;
  readonly thing: Name;
  readonly stage: string;
}

/** A date that must have come out of a rule. */
export interface ExpectedDate {
  readonly line: number;
  readonly thing: Name;
  readonly member: string;
  readonly date: CivilDate;
}

/** Everything that must hold at the end. */
export interface Expectations {
  readonly stages: readonly ExpectedStage[];
  readonly dates: readonly ExpectedDate[];
  readonly reminders: readonly ExpectedReminders[];
}

/** One story of a certification: who takes part, what they do on which day, and what must come of it. */
export interface Script {
  readonly name: string;
  readonly about: string;
  readonly zone: string;
  readonly starts: CivilDate;
  /** How long the clock runs on after the last act. */
  readonly ends: CivilDate;
  readonly seed: string;
  readonly organisations: Readonly<Record<Name, ScriptOrganisation>>;
  readonly people: Readonly<Record<Name, ScriptPerson>>;
  /** Sites, AI systems and whatever else is described once and named in several acts. */
  readonly described: Readonly<Record<Name, Value>>;
  readonly evidence: Readonly<Record<Name, ScriptEvidence>>;
  readonly acts: readonly ScriptAct[];
  readonly expected: Expectations;
}

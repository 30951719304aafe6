import { sideOf, type Role, type Who } from './actor.js';
import type { CommandRule, Departure, Event, Thing } from './machine.js';
import { partiesOf, programmeOf } from './programme/parties.js';
import type { Refusal, RefusalCode } from './refusal.js';

// A body that is not on Perennial. The client records what it did, with the document that shows it and the name of who signed.

/** True for a thing of a programme whose body is a record that the client keeps. */
export const isMirrored = (about: Thing, things: readonly Thing[]): boolean =>
  partiesOf([about, ...things], programmeOf(about))?.bodyMode === 'mirrored';

const isOfBody = (role: Who): boolean => sideOf(role) === 'certificationBody';
const isOfClient = (role: Who): role is Role => sideOf(role) === 'client';

const findings = ['nonconformity', 'observation', 'opportunity'];

/** A finding of the body, or one that is made under an audit of the body. */
const isFindingOfBody = (subject: Thing, under: Thing | undefined): boolean =>
  subject.stage === 'none' ? under?.kind === 'audit' : 'source' in subject && subject.source === 'audit';

/** Who acts where the body is a record. `recorded`: the act is the body's, wholly or in part, and the client records it. */
export interface Hands {
  readonly who: readonly Who[];
  readonly and: readonly Role[];
  readonly recorded: boolean;
}

/** What the body alone would do, the AIMS manager records; where both sides act, the client's. */
export function handsOfClient(
  { who, and = [] }: CommandRule,
  { subject, under }: { readonly subject: Thing; readonly under?: Thing },
): Hands {
  const both = [...who, ...and];
  const own = both.filter(isOfClient);
  const ofBody = both.some(isOfBody);
  const shared = and.some(isOfBody) || (ofBody && and.length > 0);
  const isFinding = findings.includes(subject.kind);
  const isOwn = isFinding ? !isFindingOfBody(subject, under) : own.length > 0 && !shared;
  if (!ofBody || isOwn) return { who: who.filter((role) => !isOfBody(role)), and, recorded: false };
  return { who: shared && own.length > 0 ? own : ['aims-manager'], and: [], recorded: true };
}

/** What happens among the people of the body, or stands in its papers: whoever holds the paper alone cannot tell. */
const unseen: readonly RefusalCode[] = [
  ...(['not-permitted', 'separation-of-duties', 'lookback-not-over', 'four-eyes-required'] as const),
  ...(['conflict-declaration-missing', 'competence-missing', 'second-approver-required'] as const),
  ...(['expert-without-auditor', 'team-not-confirmed', 'conclusions-not-agreed'] as const),
  ...(['impartiality-threat-open', 'application-review-incomplete', 'audit-time-missing'] as const),
  ...(['audit-time-below-determined', 'audit-plan-incomplete', 'sample-too-small'] as const),
  ...(['remote-conditions-missing', 'coverage-incomplete', 'stage1-objectives-open'] as const),
  ...(['report-incomplete', 'surveillance-checklist-incomplete', 'lesson-missing'] as const),
  ...(['cycle-review-missing', 'cycle-review-incomplete', 'stage1-need-undecided'] as const),
  ...(['dossier-incomplete', 'expiry-basis-needs-reason'] as const),
];

/** Order and days, as they show on what the body sends: it happened, so it is recorded, as a departure from the rule. */
const visible: readonly RefusalCode[] = [
  ...(['proposal-lapsed', 'agreement-missing', 'audit-programme-missing', 'objection-open'] as const),
  ...(['dates-not-agreed', 'stage1-not-concluded', 'stage1-not-ready', 'stage1-too-old'] as const),
  ...(['stage1-validity-unconfirmed', 'stage1-repeat-required', 'back-to-back-unjustified'] as const),
  ...(['step-gate-open', 'regrade-after-decision', 'major-needs-verification'] as const),
  ...(['next-audit-not-for-major', 'recommendation-gate-open', 'repeat-stage2-required'] as const),
  ...(['major-not-verified', 'minor-plan-not-accepted', 'site-blocks-certificate'] as const),
  ...(['non-accredited-certificate-forbidden', 'accreditation-flag-missing', 'review-required'] as const),
  ...(['effective-before-decision', 'expiry-beyond-cycle'] as const),
  ...(['cause-or-solution-proposed', 'nonconformity-as-opportunity'] as const),
  'misleading-wording',
];

/** What stands against recording an act of the body: the shape of the record, never what the body may do. */
export const againstRecording = (refusals: readonly Refusal[]): readonly Refusal[] =>
  refusals.filter(({ code }) => !unseen.includes(code) && !visible.includes(code));

/** The rules from which an act of the body departs, as far as they are seen from outside; each code once. */
export const departuresAmong = (refusals: readonly Refusal[]): readonly Refusal[] => [
  ...new Map(refusals.filter(({ code }) => visible.includes(code)).map((one) => [one.code, one])).values(),
];

/** An act of the body as facts: each says that it was recorded for the body, the first of its thing also from what it departs. */
export function asRecorded(
  events: readonly Event[],
  first: string,
  said: Required<Pick<Event, 'evidence'>> & {
    readonly signedBy: string;
    readonly departs: readonly Refusal[];
  },
): readonly Event[] {
  const place = events.findIndex(({ stream }) => stream === first);
  const departures = said.departs.map(({ code, rules }): Departure => ({ code, rules }));
  return events.map((event, index) =>
    index === place
      ? {
          ...event,
          evidence: event.evidence?.length ? event.evidence : said.evidence,
          texts: { ...event.texts, signedBy: said.signedBy },
          mirrored: departures.length > 0 ? { departures } : {},
        }
      : { ...event, mirrored: {} },
  );
}

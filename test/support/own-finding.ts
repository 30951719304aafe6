import { civilDate, type CivilDate } from '#domain/instant.js';
import type { EvidenceRef } from '#domain/machine.js';

/** The people of the client who work on a finding of its own. */
export type Who = 'iris' | 'ana' | 'dana';

export const roles = {
  iris: ['internal-auditor'],
  ana: ['aims-manager'],
  dana: ['process-owner'],
} as const;

/** Something that somebody does to the finding on a day. */
export interface Deed {
  readonly on: CivilDate;
  readonly by: Who;
  readonly type: string;
  readonly input?: object;
  readonly reason?: string;
  readonly evidence?: readonly EvidenceRef[];
}

/** How the life of a finding may differ. */
export interface Course {
  readonly grade: 'major' | 'minor';
  /** Days from raising to the plan; the plan is due after 30. */
  readonly planAfter: number;
  readonly plansRejected: number;
  readonly evidenceRejected: number;
  /** Days from acceptance to the evidence. */
  readonly evidenceAfter: number;
  readonly disputed: boolean;
  readonly ending: 'effective' | 'ineffective' | 'retracted' | 'open';
}

export const usual: Course = {
  ...{ grade: 'major', planAfter: 10, plansRejected: 0, evidenceRejected: 0, evidenceAfter: 20 },
  ...{ disputed: false, ending: 'effective' },
};

export const BEGINS = civilDate('2029-03-01');
const DAY_MS = 86_400_000;
const shown = [{ sha256: 'a'.repeat(64), bytes: 10, type: 'application/pdf' }];

/** The deeds of a course in their order; `owner` is the account of whoever carries out the action. */
export function deedsOf(course: Course, owner: string): readonly Deed[] {
  const days = new Days();
  return [
    ...raising(course, days),
    ...planning(course, days, owner),
    ...(course.ending === 'retracted' ? [] : acting(course, days)),
    ...closing(course, days),
  ];
}

/** Counts days from the beginning. */
class Days {
  private today = Date.parse(BEGINS);

  later(days: number): CivilDate {
    this.today += days * DAY_MS;
    return civilDate(new Date(this.today).toISOString().slice(0, 10));
  }
}

function raising({ grade, disputed, ending, planAfter }: Course, days: Days): Deed[] {
  const statement = { requirement: '8.4', statement: 'No impact assessment of the assistant was kept.' };
  const seen = { objectiveEvidence: 'Register of 12 March, entry 4', gradeReason: 'One system of five' };
  const input = { grade, ...statement, ...seen };
  const raised: Deed[] = [{ on: days.later(0), by: 'iris', type: 'raiseNonconformity', input }];
  const dispute: Deed = { on: days.later(2), by: 'ana', type: 'disputeFinding', reason: 'Kept elsewhere' };
  if (disputed || ending === 'retracted') raised.push(dispute);
  if (ending === 'retracted')
    raised.push({ on: days.later(planAfter), by: 'iris', type: 'retractFinding', reason: 'It was kept' });
  else if (disputed)
    raised.push({ on: days.later(3), by: 'iris', type: 'upholdFinding', reason: 'It was not' });
  return raised;
}

function planning({ planAfter, plansRejected, ending }: Course, days: Days, owner: string): Deed[] {
  if (ending === 'retracted') return [];
  const plan = { correction: 'Assess it', extent: 'Looked at all five', cause: 'No owner' };
  const how = { causeMethod: 'Five whys', correctiveAction: 'Owner for each', owner };
  const input = { ...plan, ...how, actionDue: civilDate('2029-06-10') };
  const submit = (after: number): Deed[] => [
    { on: days.later(after), by: 'dana', type: 'submitPlan', input },
    { on: days.later(1), by: 'ana', type: 'submitPlan', input },
  ];
  const first = submit(planAfter);
  const rejected = Array.from({ length: plansRejected }, (): Deed[] => [
    { on: days.later(4), by: 'iris', type: 'rejectPlan', reason: 'The cause is not found' },
    ...submit(5),
  ]);
  return [...first, ...rejected.flat(), { on: days.later(3), by: 'iris', type: 'acceptPlan' }];
}

function acting({ evidenceAfter, evidenceRejected, ending }: Course, days: Days): Deed[] {
  const submit = (after: number): Deed[] => [
    { on: days.later(after), by: 'dana', type: 'submitEvidence', evidence: shown },
    { on: days.later(0), by: 'ana', type: 'submitEvidence', evidence: shown },
  ];
  const start: Deed = { on: days.later(1), by: 'dana', type: 'startImplementation' };
  if (ending === 'open') return [start];
  const first = submit(evidenceAfter);
  const rejected = Array.from({ length: evidenceRejected }, (): Deed[] => [
    { on: days.later(6), by: 'iris', type: 'rejectEvidence', reason: 'Two of five are missing' },
    ...submit(7),
  ]);
  return [
    start,
    ...first,
    ...rejected.flat(),
    { on: days.later(2), by: 'iris', type: 'verifyClosure', input: { method: 'document' } },
  ];
}

function closing({ ending }: Course, days: Days): Deed[] {
  if (ending === 'effective')
    return [
      { on: days.later(60), by: 'iris', type: 'confirmEffective', input: { lesson: 'Name an owner first' } },
    ];
  if (ending === 'ineffective')
    return [{ on: days.later(60), by: 'iris', type: 'findIneffective', reason: 'It happened again' }];
  return [];
}

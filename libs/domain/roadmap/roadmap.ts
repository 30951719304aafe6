import type { Id } from '../actor.js';
import type { CivilDate } from '../instant.js';
import type { Thing } from '../machine.js';
import { machineOf, machines } from '../machines.js';
import type { Obligation } from '../obligation.js';
import { readinessOf, type Readiness } from '../readiness/ready.js';
import { isStep, type ReadinessStep } from '../readiness/step.js';
import { LAST_OWN_STEP, termsOf } from '../readiness/steps.js';
import { marksOf, type Act, type Mark } from './happened.js';

/** Something owed, with the thing that owes it; `late` once its day has passed. */
export interface Owing extends Pick<Obligation, 'key' | 'what' | 'due' | 'owedBy'> {
  readonly status: 'due' | 'late';
  readonly date: CivilDate;
  readonly thing: Id;
}

export type Station = Mark | Owing;

/** A step of the client's way, as it stands. */
export interface StepShown extends Pick<ReadinessStep, 'id' | 'step' | 'stage' | 'due' | 'doneOn'> {
  readonly name: string;
}

/** The way of one programme: where it stands, what has happened, and what comes. */
export interface Roadmap {
  readonly today: CivilDate;
  /** What is due next, today or later, however soft; nothing when nothing is owed. */
  readonly next?: Owing;
  /** What is owed since an earlier day, the longest first. */
  readonly late: readonly Owing[];
  /** Those that the reader may see, in their order. */
  readonly steps: readonly StepShown[];
  /** For whoever sees all of the client's own steps. */
  readonly readiness?: Readiness;
  /** What happened, what is planned and what is owed, in the order of the days. */
  readonly timeline: readonly Station[];
}

/** From what a roadmap is put together. */
export interface Whereabouts {
  readonly programme: Thing;
  /** Its things, as far as the reader may see them. */
  readonly things: readonly Thing[];
  readonly acts: readonly Act[];
  /** In the zone that governs the programme. */
  readonly today: CivilDate;
}

/** The kinds of things of a programme that a roadmap looks at: those that owe something by a date. */
export const roadmapKinds: readonly string[] = Object.values(machines)
  .filter((machine) => 'obligations' in machine)
  .map(({ kind }) => kind);

/**
 * The roadmap of a programme on a day: a programme is never finished, so from the grant on the surveillances, the recertification
 * and the expiry of the cycle stand on it. Pure; it shows what it is given and hides nothing. (SM-0, SM-1, R-RDY-2, R-CAL-20)
 */
export function roadmapOf({ programme, things, acts, today }: Whereabouts): Roadmap {
  const owed = [programme, ...things].flatMap((one) => owedBy(one, today)).toSorted(inOrder);
  const next = owed.find(({ status }) => status === 'due');
  const shown = things.filter(isStep).toSorted((a, b) => a.step - b.step);
  const own = shown.filter(({ step }) => step <= LAST_OWN_STEP);
  return {
    today,
    ...(next ? { next } : {}),
    late: owed.filter(({ status }) => status === 'late'),
    steps: shown.map(stepShown),
    ...(own.length === LAST_OWN_STEP + 1 ? { readiness: readinessOf(things) } : {}),
    timeline: [...marksOf(programme.id, things, acts, today), ...owed].toSorted(inOrder),
  };
}

const owedBy = (thing: Thing, today: CivilDate): readonly Owing[] =>
  (machineOf(thing.kind).obligations?.(thing) ?? []).map(({ key, what, due, owedBy: roles }) => ({
    status: due.date < today ? 'late' : 'due',
    date: due.date,
    ...{ key, what, due, owedBy: roles, thing: thing.id },
  }));

const stepShown = ({ id, step, stage, due, doneOn }: ReadinessStep): StepShown => ({
  ...{ id, step, name: termsOf(step).name, stage },
  ...(due ? { due } : {}),
  ...(doneOn === undefined ? {} : { doneOn }),
});

/** Within a day what happened stands first, then what is planned, then what is owed: what has no grace before what has. */
const rank = (one: Station): string =>
  'due' in one
    ? `2${one.due.kind}${one.thing}${one.key}`
    : `${one.status === 'happened' ? 0 : 1}${one.thing}`;

function inOrder(a: Station, b: Station): number {
  const [first, second] = [`${a.date}${rank(a)}`, `${b.date}${rank(b)}`];
  return first < second ? -1 : first > second ? 1 : 0;
}

import { addDays } from '#domain/calendar.js';
import type { CivilDate } from '#domain/instant.js';
import type { Order } from '#domain/process/news.js';
import { readinessMachine } from '#domain/readiness/readiness.js';
import type { ReadinessStep } from '#domain/readiness/step.js';
import { LAST_OWN_STEP, termsOf } from '#domain/readiness/steps.js';
import { openTask, type Primitives, type Process } from './process.js';

type P = Primitives<ReadinessStep>;

/** More reviews than a client can have on its way. */
const MOST_REVIEWS = 5_000;

/**
 * One step of a client's readiness. Until somebody plans or starts it there is nothing to wait for but facts. Steps behind the
 * client's own are moved by the audits; of them people are only reminded. (SM-1)
 */
export const readinessStep: Process<ReadinessStep> = {
  name: 'readiness-step',
  edition: 1,
  machine: readinessMachine,
  stages: {
    async notStarted(p, { step }) {
      p.remind();
      if (step === 0) await p.once('ask-for-charter', ask(p, 'top-management', 'signCharter'));
      if (!isOwn(p.thing)) return;
      await p.when(({ due }) => due !== undefined, 'the day by which the step is planned');
      await p.once('ask-to-start', askOwner(p, 'startStep'));
    },

    async inProgress(p, { step }) {
      p.remind();
      if (!isOwn(p.thing)) return;
      await p.once('ask-to-submit', askOwner(p, 'submitStep'));
      if (step === LAST_OWN_STEP) await choiceOfBody(p);
    },

    async inReview(p, { operatedUntil }) {
      p.remind();
      if (operatedUntil) await operation(p, operatedUntil.date);
      const [approver = 'top-management'] = termsOf(p.thing.step).approvers;
      await p.once('ask-for-approval', ask(p, approver, 'completeStep'));
    },

    async reopened(p, { step }) {
      p.remind();
      await p.once('ask-to-start', askOwner(p, step === 0 ? 'signCharter' : 'startStep'));
    },

    async done(p, { step }) {
      p.remind();
      if (step === 0) await progressReviews(p);
    },
  },
};

const isOwn = ({ step }: ReadinessStep): boolean => step > 0 && step <= LAST_OWN_STEP;

const ask = (p: P, queue: Parameters<typeof openTask>[0]['queue'], asks: string): Order =>
  openTask({ queue, asks, ...(p.thing.due ? { due: p.thing.due.date } : {}) });

const askOwner = (p: P, asks: string): Order =>
  ask(p, termsOf(p.thing.step).owners[0] ?? 'aims-manager', asks);

/** Top management chooses when a candidate has been scored and its accreditation looked up. (R-SEL-1) */
async function choiceOfBody(p: P): Promise<void> {
  const isKnown = ({ candidates }: ReadinessStep): boolean =>
    candidates.some(({ scores, checks }) => scores !== undefined && checks.length > 0);
  await p.when(isKnown, 'a candidate that is scored and whose accreditation is checked');
  if (p.thing.selected === undefined)
    await p.once('ask-for-choice', ask(p, 'top-management', 'selectCertificationBody'));
}

/** Approval is asked for when it has been at work long enough. (R-S2-3) */
const operation = (p: P, day: CivilDate): Promise<void> =>
  p.until({ on: addDays(day, -1), because: 'the management system has been at work long enough' });

/** A review is asked for in the week before its day, unless it was held before. */
const A_WEEK = 7;

/** The series of progress reviews: one is asked for after the other, and a day that passes without one is recorded. (R-CAL-16) */
async function progressReviews(p: P): Promise<void> {
  for (let turn = 0; turn < MOST_REVIEWS && p.thing.nextReview; turn += 1) {
    const { n, due } = p.thing.nextReview;
    const isNext = ({ nextReview }: ReadinessStep): boolean => nextReview?.n === n;
    const ahead = addDays(due.date, -A_WEEK - 1);
    await p.until({ on: ahead, because: 'then a progress review is asked for' }, isNext);
    if (!isNext(p.thing)) continue;
    const held = p.thing.reviews.filter(({ missed }) => !missed).length;
    await p.once(
      `ask-for-review-${held + 1}`,
      openTask({ queue: 'aims-manager', asks: 'recordProgressReview', due: due.date }),
    );
    await p.until({ on: due.date, because: 'the day of a progress review' }, isNext);
    if (isNext(p.thing)) await p.once(`review-${n}-missed`, { command: 'recordMissedReview', input: {} });
    if (isNext(p.thing)) return;
  }
}

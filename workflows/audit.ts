import type { Role } from '#domain/actor.js';
import { auditMachine } from '#domain/audit/audit.js';
import { declarationOf, leadOf, roleOf, type Audit, type TeamObjection } from '#domain/audit/life.js';
import type { ExplainedDate } from '#domain/explanation.js';
import type { CivilDate } from '#domain/instant.js';
import type { Order } from '#domain/process/news.js';
import { openTask, type Primitives, type Process } from './process.js';

type P = Primitives<Audit>;

/** More objections than a client can have to one team. */
const MOST_OBJECTIONS = 50;

/**
 * One audit of the certification body, from its opening until it is closed: the team and the client's say in it, the plan, the
 * days on site, the report, and for Stage 2 the recommendation. (F, SM-2, SM-3, SM-7, SM-8)
 */
export const audit: Process<Audit> = {
  name: 'audit',
  edition: 2,
  machine: auditMachine,
  stages: {
    async planned(p) {
      p.remind();
      await p.once('ask-for-team', ask('programme-manager', 'proposeTeam'));
    },

    async postponed(p) {
      await p.once('ask-for-new-days', ask('programme-manager', 'replanAudit'));
    },

    async teamProposed(p, { window }) {
      p.remind();
      await askForDeclarations(p);
      await p.once('ask-for-acceptance', ask('aims-manager', 'acceptTeam', window?.date));
      p.beside(() => askForAnswersToObjections(p));
      p.beside(() => lapseOfWindow(p, window));
      await p.when(isSettled, 'acceptance of the team, or the end of the time to object');
      await p.once('ask-for-confirmation', ask('programme-manager', 'confirmTeam'));
    },

    async teamConfirmed(p, { auditType, planDue }) {
      p.remind();
      if (auditType === 'stage1') await p.once('ask-for-dates', ask('aims-manager', 'agreeAuditDates'));
      else await p.once('ask-for-plan', askLead(p, 'sendAuditPlan', planDue?.date));
    },

    async planSent(p) {
      p.remind();
      await p.once('ask-for-agreement', ask('aims-manager', 'agreeAuditPlan'));
    },

    async scheduled(p, { plannedFrom }) {
      p.remind();
      await p.once('ask-to-start', askLead(p, 'startAudit', plannedFrom));
    },

    async planAgreed(p, { plannedFrom }) {
      p.remind();
      await p.once('ask-to-start', askLead(p, 'startAudit', plannedFrom));
    },

    async inProgress(p, { auditType, plannedTo }) {
      p.remind();
      const ends = auditType === 'stage2' ? 'issueFindings' : 'endAudit';
      await p.once('ask-to-end', askLead(p, ends, plannedTo));
    },

    async reporting(p, { auditType, reportDue }) {
      p.remind();
      const reports = auditType === 'stage1' ? 'concludeStage1' : 'issueReport';
      await p.once('ask-for-conclusion', askLead(p, reports, reportDue?.date));
    },

    async concluded(p, { validityReview, expiresOn }) {
      p.remind();
      p.beside(() => askForAnswersToConcerns(p));
      p.beside(() => judgementOfValidity(p, validityReview));
      p.beside(() => endOfValidity(p, expiresOn));
      await p.when(({ reliedUponBy }) => reliedUponBy !== undefined, 'the start of Stage 2 on this result');
      await p.once('ask-to-close', ask('programme-manager', 'closeAudit'));
    },

    async resultExpired(p) {
      await p.once('ask-for-repeat', ask('programme-manager', 'requireStage1Repeat'));
    },

    async findingsIssued(p, { reportDue }) {
      p.remind();
      await p.once('ask-for-report', askLead(p, 'issueReport', reportDue?.date));
    },

    /** A step that finds every finding closed is refused, and the recommendation is asked for at once. */
    async reportIssued(p, { auditType, nonconformities }) {
      if (auditType !== 'stage2') {
        await p.once('ask-to-close', ask('programme-manager', 'closeAudit'));
        return;
      }
      if (nonconformities > 0)
        await p.once('await-corrective-action', { command: 'awaitCorrectiveAction', input: {} });
      await p.once('ask-to-recommend', askLead(p, 'recommend'));
    },

    async awaitingCorrectiveAction(p) {
      await p.once('ask-to-recommend', askLead(p, 'recommend'));
      await sixMonths(p);
    },

    async recommended(p) {
      await p.once('ask-to-hand-over', ask('programme-manager', 'handToDecision'));
      await sixMonths(p);
    },

    async handedToDecision(p) {
      await p.when(({ decided }) => decided, 'the decision that rests on this audit');
      await p.once('ask-to-close', ask('programme-manager', 'closeAudit'));
    },
  },
};

const ask = (queue: Role, asks: string, due?: CivilDate): Order =>
  openTask({ queue, asks, ...(due === undefined ? {} : { due }) });

/** Asks the leader of this team and no other lead auditor. */
function askLead(p: P, asks: string, due?: CivilDate): Order {
  const lead = leadOf(p.thing);
  return openTask({
    queue: 'lead-auditor',
    ...(lead === undefined ? {} : { of: lead }),
    asks,
    ...(due === undefined ? {} : { due }),
  });
}

/** Each member declares for this assignment; one who declared for an earlier team of this audit need not again. (R-IMP-4) */
async function askForDeclarations(p: P): Promise<void> {
  for (const member of p.thing.team) {
    if (declarationOf(p.thing, member.person)) continue;
    const order = openTask({ queue: roleOf(member), of: member.person, asks: 'declareConflicts' });
    await p.once(`ask-for-declaration-of-${member.person}`, order);
  }
}

const openObjections = ({ objections }: Audit): readonly TeamObjection[] =>
  objections.filter(({ resolved }) => resolved === undefined);

const isSettled = (state: Audit): boolean =>
  (state.accepted || state.windowOver) && openObjections(state).length === 0;

/** Asks for the answer to each objection, one after the other. (R-TEAM-2) */
async function askForAnswersToObjections(p: P): Promise<void> {
  for (let n = 0; n < MOST_OBJECTIONS; n += 1) {
    await p.when((state) => openObjections(state).length > 0, 'an objection to a member of the team');
    const [open] = openObjections(p.thing);
    if (!open) return;
    await p.once(`ask-for-answer-to-${open.key}`, ask('programme-manager', 'resolveObjection'));
    await p.when(
      (state) => openObjections(state).every(({ key }) => key !== open.key),
      'the answer to the objection',
    );
  }
}

/** Silence is recorded; a person confirms the team. (I-16) */
async function lapseOfWindow(p: P, window: ExplainedDate | undefined): Promise<void> {
  if (!window) return;
  await p.until({ on: window.date, because: 'the client may object to the team until then' });
  if (p.thing.accepted || p.thing.windowOver) return;
  await p.once('objection-window-over', { command: 'recordObjectionWindowOver', input: {} });
}

/** The client answers one area of concern after the other; their date comes when the first day of Stage 2 is set. (R-S1-2) */
async function askForAnswersToConcerns(p: P): Promise<void> {
  for (const { key } of p.thing.concerns) {
    const isAnswered = ({ concerns }: Audit): boolean =>
      concerns.some((one) => one.key === key && one.answered);
    if (isAnswered(p.thing)) continue;
    await p.once(
      `ask-for-answer-to-${key}`,
      ask('aims-manager', 'answerAreaOfConcern', p.thing.concernsDue?.date),
    );
    await p.when(isAnswered, 'the answer to an area of concern');
  }
}

/** From the review on, Stage 2 starts on this result only by a recorded judgement. (R-S1-4) */
async function judgementOfValidity(p: P, review: ExplainedDate | undefined): Promise<void> {
  if (!review) return;
  await p.until({ on: review.date, because: 'then it is judged whether the result of Stage 1 still holds' });
  if (p.thing.validityConfirmed || p.thing.reliedUponBy !== undefined) return;
  await p.once('ask-for-judgement', ask('programme-manager', 'confirmStage1Validity', review.date));
}

/** The body's own limit to the age of a result ends it by time. (R-S1-4) */
async function endOfValidity(p: P, end: ExplainedDate | undefined): Promise<void> {
  if (!end) return;
  await p.until({ on: end.date, because: "the body's own limit to the age of a Stage 1 result" });
  if (p.thing.reliedUponBy !== undefined) return;
  await p.once('result-expired', { command: 'expireStage1Result', input: {} });
}

/** After six months a major that is not verified makes another Stage 2 necessary; the engine proposes, a person requires. (R-DEC-4) */
async function sixMonths(p: P): Promise<void> {
  const limit = p.thing.majorsVerifiedBy;
  if (!limit) return;
  await p.until({ on: limit.date, because: 'six months after the last day of Stage 2' });
  if (!p.thing.repeatProposed) await p.once('propose-repeat', { command: 'proposeStage2Repeat', input: {} });
  if (p.thing.repeatProposed) await p.once('ask-for-repeat', ask('programme-manager', 'requireStage2Repeat'));
}

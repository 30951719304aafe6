import { firstDecisionKey, programmeMachine, proposalKey } from '#domain/programme/programme.js';
import type { Programme } from '#domain/programme/facts.js';
import { openTask, type Primitives, type Process } from './process.js';

const MOST_QUESTIONS = 100;

/** Asks the client for each answer that the body waits for, one after the other. (R-APP-3) */
async function askForAnswers(p: Primitives<Programme>): Promise<void> {
  for (let n = 1; n <= MOST_QUESTIONS; n += 1) {
    await p.when(({ questions }) => questions >= n, 'a question of the body to the client');
    if (p.thing.answers < n)
      await p.once(
        `ask-for-answer-${String(n)}`,
        openTask({ queue: 'aims-manager', asks: 'supplyInformation' }),
      );
    await p.when(({ answers }) => answers >= n, "the client's answer");
  }
}

/** Asks the body what follows from each change that the client tells of, one after the other. (R-CHG-1) */
async function askForConsequences(p: Primitives<Programme>): Promise<void> {
  for (let n = 1; n <= MOST_QUESTIONS; n += 1) {
    await p.when(({ changeNotices }) => changeNotices.length >= n, 'a change that the client tells of');
    if (!isDecided(p.thing, n))
      await p.once(
        `ask-for-consequence-${String(n)}`,
        openTask({ queue: 'programme-manager', asks: 'decideOnChangeNotice' }),
      );
    await p.when((programme) => isDecided(programme, n), "the body's decision on the change");
  }
}

const isDecided = ({ changeNotices }: Programme, n: number): boolean =>
  changeNotices[n - 1]?.consequence !== undefined;

/** One client's certification, from the application to the end of the programme. (SM-0) */
export const certificationCycle: Process<Programme> = {
  name: 'certification-cycle',
  edition: 1,
  machine: programmeMachine,
  stages: {
    async applied(p) {
      await p.once(
        'ask-for-review',
        openTask({ queue: 'programme-manager', asks: 'startApplicationReview' }),
      );
    },

    async reviewing(p) {
      await p.once('ask-for-outcome', openTask({ queue: 'programme-manager', asks: 'acceptApplication' }));
      await askForAnswers(p);
    },

    async proposed(p, programme) {
      await p.once('ask-for-signature', openTask({ queue: 'top-management', asks: 'signAgreement' }));
      p.remind(proposalKey(programme));
      const valid = programme.proposalValidUntil;
      if (!valid) return;
      await p.until({ on: valid.date, because: 'the proposal is valid until then' });
      await p.once('ask-to-reissue', openTask({ queue: 'programme-manager', asks: 'reissueProposal' }));
    },

    async contracted(p) {
      await p.once(
        'ask-for-audit-programme',
        openTask({ queue: 'programme-manager', asks: 'approveAuditProgramme' }),
      );
      await askForConsequences(p);
    },

    async initial(p, programme) {
      p.remind(firstDecisionKey(programme));
      await askForConsequences(p);
    },

    onHold(p, programme) {
      const { heldIn } = programme;
      if (heldIn === 'proposed') p.remind(proposalKey(programme));
      if (heldIn === 'initial') p.remind(firstDecisionKey(programme));
      return Promise.resolve();
    },

    async certified(p) {
      await askForConsequences(p);
    },

    async recertifying(p) {
      await askForConsequences(p);
    },

    /** After the restoration window it is for people to go on with a Stage 2, or to end. (I-38) */
    async lapsed(p) {
      p.beside(() => askForConsequences(p));
      await p.when(({ restorableNoMore }) => restorableNoMore, 'a restoration, or the end of its window');
      await p.once('ask-how-to-go-on', openTask({ queue: 'programme-manager', asks: 'continueWithStage2' }));
    },
  },
};

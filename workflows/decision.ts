import { decisionMachine } from '#domain/decision/decision.js';
import { isAgreed, type Dossier } from '#domain/decision/dossier.js';
import { openTask, type Primitives, type Process } from './process.js';

/**
 * One decision, from the open dossier to the notice of what was decided. People complete it, name who decides, review and
 * decide; here they are asked and reminded, and nothing is decided. (R-DEC-1, R-DEC-3, R-DEC-8)
 */
export const decision: Process<Dossier> = {
  name: 'decision',
  edition: 1,
  machine: decisionMachine,
  stages: {
    /** Of a body that is a record, only the decision will be known. */
    async dossierOpen(p, dossier) {
      if (dossier.mirrored) {
        await p.once('ask-for-decision', ask(dossier, 'decision-maker', 'decide'));
        return;
      }
      await p.once(
        'ask-for-completion',
        openTask({ queue: 'programme-manager', asks: 'declareDossierComplete' }),
      );
    },
    async dossierComplete(p, dossier) {
      await p.once('ask-for-a-decision-maker', ask(dossier, 'programme-manager', 'assignDecisionMaker'));
      p.remind();
      await p.when(({ makers }) => makers.length > 0, 'a decision maker');
      await p.once('ask-for-review', ask(dossier, 'decision-maker', 'startReview'));
    },
    /** Of a committee each member is asked to vote, also again when what was asked has been supplied. (I-30) */
    async underReview(p, dossier) {
      if (dossier.makers.length > 1) await askForVotes(p, dossier);
      await p.once('ask-for-decision', ask(dossier, 'decision-maker', 'decide'));
      p.remind();
    },
    async informationAsked(p, dossier) {
      await p.once('ask-for-information', ask(dossier, 'programme-manager', 'supplyInformation'));
      p.remind();
    },
    async decided(p) {
      await p.once('ask-for-notice', openTask({ queue: 'programme-manager', asks: 'notifyDecision' }));
    },
  },
};

async function askForVotes(p: Primitives<Dossier>, { makers, due }: Dossier): Promise<void> {
  p.remind();
  for (const of of makers) {
    const task = {
      queue: 'decision-maker',
      of,
      asks: 'castVote',
      ...(due ? { due: due.date } : {}),
    } as const;
    await p.once(`ask-${of}-to-vote`, openTask(task));
  }
  await p.when(isAgreed, 'as many votes for one decision as the committee needs');
}

const ask = ({ due }: Dossier, queue: 'programme-manager' | 'decision-maker', asks: string) =>
  openTask({ queue, asks, ...(due ? { due: due.date } : {}) });

import type { Nonconformity } from '#domain/nonconformity/finding.js';
import { nonconformityMachine } from '#domain/nonconformity/nonconformity.js';
import { handler } from '#domain/nonconformity/owed.js';
import { openTask, type Primitives, type Process } from './process.js';

type P = Primitives<Nonconformity>;

/**
 * One nonconformity, from raised to effective, with its reminders and its limit. What is owed, and by which day, comes from
 * the domain; here is only what goes on while the finding stands where it stands. (R-FND-4, R-FND-5, R-DEC-4)
 */
export const correctiveAction: Process<Nonconformity> = {
  name: 'corrective-action',
  edition: 1,
  machine: nonconformityMachine,
  stages: {
    async raised(p, finding) {
      await askForPlan(p, finding);
      await boundAsMajor(p);
    },
    async disputed(p, finding) {
      await p.once('ask-to-settle-the-dispute', openTask({ queue: handler(finding), asks: 'upholdFinding' }));
      p.remind();
      await boundAsMajor(p);
    },
    async planSubmitted(p, finding) {
      await p.once('ask-for-acceptance', review(finding, 'acceptPlan'));
      p.remind();
      await boundAsMajor(p);
    },
    async planRejected(p, finding) {
      await askForPlan(p, finding);
      await boundAsMajor(p);
    },
    async planAccepted(p, finding) {
      await p.once('ask-for-implementation', openTask({ ...byOwner(finding), asks: 'startImplementation' }));
      p.remind();
      await boundAsMajor(p);
    },
    async implementing(p, finding) {
      await p.once('ask-for-evidence', openTask({ ...byOwner(finding), asks: 'submitEvidence' }));
      p.remind();
      await boundAsMajor(p);
    },
    async evidenceSubmitted(p, finding) {
      await p.once('ask-for-verification', review(finding, 'verifyClosure'));
      p.remind();
      await boundAsMajor(p);
    },
    async evidenceRejected(p, finding) {
      await p.once('ask-for-better-evidence', openTask({ ...byOwner(finding), asks: 'submitEvidence' }));
      p.remind();
      await boundAsMajor(p);
    },
    /** The body looks at effectiveness at its next audit; the client at its own findings after a time of its own. */
    async closedVerified(p, finding) {
      if (finding.source === 'audit') return;
      await p.once('open-effectiveness-check', { command: 'openEffectivenessCheck', input: {} });
    },
    async effectivenessDue(p, finding) {
      await p.once('ask-for-effectiveness', openTask({ queue: handler(finding), asks: 'confirmEffective' }));
      p.remind();
    },
  },
};

async function askForPlan(p: P, finding: Nonconformity): Promise<void> {
  const due = finding.planDue ? { due: finding.planDue.date } : {};
  await p.once('ask-for-plan', openTask({ queue: 'process-owner', asks: 'submitPlan', ...due }));
  p.remind();
}

/**
 * A major is to be verified, and after Stage 2 within six months of its last day; another Stage 2 sets another limit. When
 * it has passed the engine records that and decides nothing. (R-DEC-4, R-FND-8, I-34)
 */
async function boundAsMajor(p: P): Promise<void> {
  for (;;) {
    await p.when(isBound, 'the limit that Stage 2 sets for a major');
    const day = p.thing.limit?.date;
    const holds = (finding: Nonconformity): boolean => isBound(finding) && finding.limit?.date === day;
    if (day === undefined) return;
    await p.until({ on: day, because: 'six months after the last day of Stage 2' }, holds);
    if (!holds(p.thing)) continue;
    await p.once(`limit-${day}-passed`, { command: 'recordLimitPassed', input: {} });
    await p.when((finding) => !holds(finding), 'another limit, after one that has passed');
  }
}

const isBound = ({ grade, limit, limitPassed }: Nonconformity): boolean =>
  grade === 'major' && limit !== undefined && !limitPassed;

const byOwner = ({ actionDue }: Nonconformity) =>
  ({ queue: 'process-owner', ...(actionDue ? { due: actionDue } : {}) }) as const;

const review = (finding: Nonconformity, asks: string) =>
  openTask({ queue: handler(finding), asks, ...(finding.reviewDue ? { due: finding.reviewDue.date } : {}) });

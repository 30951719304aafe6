import type { CivilDate } from '#domain/instant.js';
import type { Nonconformity } from '#domain/nonconformity/finding.js';
import { nonconformityMachine } from '#domain/nonconformity/nonconformity.js';
import { handledBy } from '#domain/nonconformity/owed.js';
import { openTask, type Primitives, type Process } from './process.js';

type P = Primitives<Nonconformity>;

/**
 * One nonconformity, from raised to effective, with its reminders and its limit. What is owed, and by which day, comes from
 * the domain; here is only what goes on while the finding stands where it stands. (R-FND-4, R-FND-5, R-DEC-4)
 */
export const correctiveAction: Process<Nonconformity> = {
  name: 'corrective-action',
  edition: 2,
  machine: nonconformityMachine,
  stages: {
    async raised(p, finding) {
      await askForPlan(p, finding);
      await boundAsMajor(p);
    },
    async disputed(p, finding) {
      await p.once(
        'ask-to-settle-the-dispute',
        openTask({ queue: handledBy(finding), asks: 'upholdFinding' }),
      );
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
    /** The next audit looks at the effect of what an audit found; the client checks the effect at its own findings. */
    async closedVerified(p, finding) {
      if (finding.source === 'audit') return;
      await p.once('open-effectiveness-check', { command: 'openEffectivenessCheck', input: {} });
    },
    async effectivenessDue(p, finding) {
      await p.once(
        'ask-for-effectiveness',
        openTask({ queue: handledBy(finding), asks: 'confirmEffective' }),
      );
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
 * A major has a limit once Stage 2 has ended: six months from its last day. When the day has passed the engine records it, once,
 * and decides nothing; if another limit takes its place first, that one is waited for. (R-DEC-4, R-FND-8, I-34)
 */
async function boundAsMajor(p: P): Promise<void> {
  for (;;) {
    const day = limitOf(p.thing);
    const holds = (finding: Nonconformity): boolean => limitOf(finding) === day;
    if (day !== undefined) {
      await p.until({ on: day, because: 'six months after the last day of Stage 2' }, holds);
      if (holds(p.thing)) await p.once(`limit-${day}-passed`, { command: 'recordLimitPassed', input: {} });
    }
    await p.when((finding) => !holds(finding), 'the limit of a major, once Stage 2 has set one');
  }
}

/** The day to be waited for: none for a minor, and none once it is recorded that it has passed. */
const limitOf = ({ grade, limit, limitPassed }: Nonconformity): CivilDate | undefined =>
  grade === 'major' && !limitPassed ? limit?.date : undefined;

const byOwner = ({ actionDue }: Nonconformity) =>
  ({ queue: 'process-owner', ...(actionDue ? { due: actionDue } : {}) }) as const;

const review = (finding: Nonconformity, asks: string) =>
  openTask({
    queue: handledBy(finding),
    asks,
    ...(finding.reviewDue ? { due: finding.reviewDue.date } : {}),
  });

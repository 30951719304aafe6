import type { Role } from '#domain/actor.js';
import type { CivilDate } from '#domain/instant.js';
import type { Recertification } from '#domain/recertification/facts.js';
import { recertificationMachine } from '#domain/recertification/recertification.js';
import { eveOf } from '#domain/surveillance/calendar-year.js';
import { openTask, untilPassed, type Process } from './process.js';

/**
 * The recertification of one cycle, from its forecast to the decision on the next. The certificate's expiry has its own
 * process; what is outstanding when it comes goes on, within the window to restore. (SM-8, R-REC-1, R-REC-5, R-REC-6)
 */
export const recertification: Process<Recertification> = {
  name: 'recertification',
  edition: 1,
  machine: recertificationMachine,
  stages: {
    async forecast(p) {
      p.remind();
      await untilPassed(
        p,
        ({ startDue }) => startDue && eveOf(startDue.date),
        'the recertification is to be started',
      );
      await p.once('start', { command: 'startRecertification', input: {} });
    },

    /** Of a body that is a record, the next thing that is known are the days of its audit. */
    async started(p, { mirrored, auditDue }) {
      p.remind();
      await p.once('ask-for-changes', ask('aims-manager', 'supplyCycleInformation'));
      if (mirrored) {
        await p.once('ask-to-schedule', ask('programme-manager', 'scheduleRecertification', auditDue?.date));
        return;
      }
      await p.once('ask-for-cycle-review', ask('programme-manager', 'attachCycleReview'));
    },

    async informationCollected(p) {
      p.remind();
      await p.once('ask-about-stage-1', ask('programme-manager', 'decideStage1Need'));
    },

    async stage1NeedDecided(p, { auditDue }) {
      p.remind();
      await p.once('ask-to-schedule', ask('programme-manager', 'scheduleRecertification', auditDue?.date));
    },

    scheduled(p) {
      p.remind();
      return Promise.resolve();
    },

    inProgress(p) {
      p.remind();
      return Promise.resolve();
    },

    /** A step that finds no finding below the gate is refused, and the recommendation is asked for at once. */
    async reported(p, { decisionDue }) {
      p.remind();
      await p.once('await-corrective-action', { command: 'awaitCorrectiveAction', input: {} });
      await p.once('ask-to-recommend', ask('lead-auditor', 'recommendRenewal', decisionDue?.date));
    },

    async awaitingCorrectiveAction(p, { decisionDue }) {
      p.remind();
      await p.once('ask-to-recommend', ask('lead-auditor', 'recommendRenewal', decisionDue?.date));
    },

    recommended(p) {
      p.remind();
      return Promise.resolve();
    },
  },
};

const ask = (queue: Role, asks: string, due?: CivilDate) =>
  openTask({ queue, asks, ...(due === undefined ? {} : { due }) });

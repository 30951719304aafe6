import type { CivilDate } from '#domain/instant.js';
import { eveOf } from '#domain/surveillance/calendar-year.js';
import { hardDateOf, programmeDateOf, type Surveillance } from '#domain/surveillance/facts.js';
import { surveillanceMachine } from '#domain/surveillance/surveillance.js';
import { eachTimePassed, openTask, untilPassed, type Primitives, type Process } from './process.js';

type P = Primitives<Surveillance>;

/**
 * One surveillance that a cycle owes, from its forecast until it is closed. Its dates come from the domain and may move; its
 * audit has its own process. (SM-7, R-SUR-1, R-SUR-2, R-SUR-2b, R-CAL-9)
 */
export const surveillance: Process<Surveillance> = {
  name: 'surveillance',
  edition: 1,
  machine: surveillanceMachine,
  stages: {
    async forecast(p) {
      recordWhatPasses(p);
      await untilPassed(p, ({ opens }) => opens && eveOf(opens.date), 'the planning window opens');
      await p.once('open-window', { command: 'openSurveillanceWindow', input: {} });
    },

    async windowOpen(p, { target }) {
      recordWhatPasses(p);
      p.beside(() => askForInformation(p));
      await p.once('ask-to-schedule', askToSchedule(target?.date));
    },

    async scheduled(p) {
      recordWhatPasses(p);
      await askForInformation(p);
    },

    inProgress(p) {
      recordWhatPasses(p);
      return Promise.resolve();
    },

    /** With a major the leader has it reviewed by others; without one a monitor confirms. (R-SUR-4) */
    async reported(p, { majors }) {
      if (majors > 0)
        await p.once('ask-for-review', openTask({ queue: 'lead-auditor', asks: 'triggerReview' }));
      else await p.once('ask-for-confirmation', ask('confirmMaintenance'));
    },

    async maintained(p) {
      await p.once('ask-to-close', ask('closeSurveillance'));
    },

    async decided(p) {
      await p.once('ask-to-close', ask('closeSurveillance'));
    },

    /** It is still to be held, late; what follows from the breach is for people. (R-CAL-10, I-18) */
    async missed(p, { consequenceDue }) {
      p.remind();
      p.beside(() => askForInformation(p));
      await p.once('ask-to-schedule', askToSchedule(consequenceDue?.date));
    },
  },
};

const ask = (asks: string) => openTask({ queue: 'programme-manager', asks });

const askToSchedule = (due: CivilDate | undefined) =>
  openTask({
    queue: 'programme-manager',
    asks: 'scheduleSurveillance',
    ...(due === undefined ? {} : { due }),
  });

/** A date that is already on record, or that the audit has met, is waited for no longer. */
const hardDay = (state: Surveillance): CivilDate | undefined =>
  (state.held ?? state.missedOn) ? undefined : hardDateOf(state)?.date;
const programmeDay = (state: Surveillance): CivilDate | undefined =>
  (state.held ?? state.deviatedOn) ? undefined : programmeDateOf(state)?.date;

function recordWhatPasses(p: P): void {
  p.remind();
  p.beside(() =>
    eachTimePassed(p, { dayOf: programmeDay, because: 'the date of the programme' }, (day) =>
      p.once(`deviation-${day}`, { command: 'recordProgrammeDeviation', input: {} }),
    ),
  );
  p.beside(() =>
    eachTimePassed(p, { dayOf: hardDay, because: 'the hard date of the surveillance' }, (day) =>
      p.once(`missed-${day}`, { command: 'recordSurveillanceMissed', input: {} }),
    ),
  );
}

/** The client is asked once what has changed, some time before the target. */
function askForInformation(p: P): Promise<void> {
  const dayOf = ({ asked, informed, informationAsked }: Surveillance): CivilDate | undefined =>
    asked || informed ? undefined : informationAsked && eveOf(informationAsked.date);
  return eachTimePassed(p, { dayOf, because: 'the client is asked what has changed' }, (day) =>
    p.once(`ask-for-information-after-${day}`, { command: 'askForChangeInformation', input: {} }),
  );
}

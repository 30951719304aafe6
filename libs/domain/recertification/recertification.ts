import { nothingYet, type Machine } from '../machine.js';
import { evolve, isRecertification, recertificationEnds, type Recertification } from './facts.js';
import { awaitCorrectiveAction, closeRecertification, recommendRenewal } from './outcome.js';
import { obligations } from './owed.js';
import {
  attachCycleReview,
  decideStage1Need,
  scheduleRecertification,
  startRecertification,
  supplyCycleInformation,
} from './preparing.js';

/** The recertification of a cycle. It is forecast by the decision that began the cycle, and decided on a dossier of its own. (SM-8) */
export const recertificationMachine: Machine<Recertification> = {
  kind: 'recertification',
  prefix: 'rct',
  id: 'SM-8',
  stages: [
    ...['forecast', 'started', 'informationCollected', 'stage1NeedDecided', 'scheduled', 'inProgress'],
    ...['reported', 'awaitingCorrectiveAction', 'recommended', ...recertificationEnds],
  ],
  ends: recertificationEnds,
  initial: (id) => ({ ...nothingYet(id), kind: 'recertification', cycle: 0, startYear: 0 }),
  is: isRecertification,
  evolve,
  obligations,
  commands: {
    ...{ startRecertification, supplyCycleInformation, attachCycleReview, decideStage1Need },
    ...{ scheduleRecertification, awaitCorrectiveAction, recommendRenewal, closeRecertification },
  },
};

import { nothingYet, type Machine } from '../machine.js';
import { evolve, isSurveillance, type Surveillance } from './facts.js';
import {
  closeSurveillance,
  confirmMaintenance,
  explainDeviation,
  recordProgrammeDeviation,
  recordSurveillanceMissed,
  triggerReview,
} from './outcome.js';
import { obligations } from './owed.js';
import {
  answerEnquiry,
  askForChangeInformation,
  openEnquiry,
  openSurveillanceWindow,
  scheduleSurveillance,
  supplyChangeInformation,
} from './preparing.js';

/** One surveillance of a cycle. It is forecast by the decision that began the cycle; its audit has its own life. (SM-7) */
export const surveillanceMachine: Machine<Surveillance> = {
  kind: 'surveillance',
  prefix: 'svl',
  id: 'SM-7',
  stages: [
    ...['forecast', 'windowOpen', 'scheduled', 'inProgress', 'reported'],
    ...['maintained', 'reviewRequired', 'decided', 'missed', 'closed'],
  ],
  ends: ['closed'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'surveillance',
    ...{
      cycle: 0,
      ordinal: 0,
      asked: false,
      informed: false,
      late: false,
      majors: 0,
      deviationExplained: false,
      enquiries: [],
    },
  }),
  is: isSurveillance,
  evolve,
  obligations,
  commands: {
    ...{ openSurveillanceWindow, askForChangeInformation, supplyChangeInformation, scheduleSurveillance },
    ...{ confirmMaintenance, triggerReview, closeSurveillance },
    ...{ recordSurveillanceMissed, recordProgrammeDeviation, explainDeviation },
    ...{ openEnquiry, answerEnquiry },
  },
};

import { nothingYet, type Machine } from '../machine.js';
import type { Obligation } from '../obligation.js';
import { addToDossier, closeDossier, declareDossierComplete, openDossier } from './completion.js';
import { correctDecisionDate } from './correction.js';
import { decide, notifyDecision } from './decide.js';
import { isDossier, type Dossier } from './dossier.js';
import { evolve } from './evolve.js';
import {
  askForInformation,
  assignDecisionMaker,
  castVote,
  returnToAuditor,
  startReview,
  supplyInformation,
} from './review.js';

const undecided = ['dossierComplete', 'underReview', 'informationAsked'];

/** A decision is owed from the day on which its dossier is complete; each time anew when it was returned. (R-DEC-8) */
export const obligations = ({ stage, due, entered }: Dossier): readonly Obligation[] =>
  due && undecided.includes(stage)
    ? [
        {
          key: `decision-${entered['dossierComplete'] ?? 1}`,
          what: 'decision on the dossier',
          due,
          ladder: 'L-TASK',
          escalation: 'X-CB',
          owedBy: ['decision-maker'],
        },
      ]
    : [];

/** The decision: taken on a complete dossier, by somebody competent who was in none of its audits. (SM-5) */
export const decisionMachine: Machine<Dossier> = {
  kind: 'dossier',
  prefix: 'dec',
  id: 'SM-5',
  stages: [
    'dossierOpen',
    'dossierComplete',
    'underReview',
    'informationAsked',
    'decided',
    'notified',
    'dossierClosed',
  ],
  ends: ['notified', 'dossierClosed'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'dossier',
    proposes: 'grant',
    audits: [],
    items: [],
    makers: [],
    votes: [],
  }),
  is: isDossier,
  evolve,
  obligations,
  commands: {
    openDossier,
    addToDossier,
    declareDossierComplete,
    assignDecisionMaker,
    startReview,
    askForInformation,
    supplyInformation,
    returnToAuditor,
    castVote,
    decide,
    notifyDecision,
    closeDossier,
    correctDecisionDate,
  },
};

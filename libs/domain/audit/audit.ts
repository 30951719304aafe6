import { nothingYet, type Machine } from '../machine.js';
import { conductCommands } from './conduct.js';
import { endingCommands } from './ending.js';
import { evolve } from './events.js';
import type { Audit } from './life.js';
import { openingCommands } from './opening.js';
import { obligations } from './owed.js';
import { planCommands } from './plan.js';
import { stage1Commands } from './stage1.js';
import { stage2Commands } from './stage2.js';
import { teamCommands } from './team.js';

/** The audits of the certification body: one frame, in which Stage 1 and Stage 2 each have their own end. (F, SM-2, SM-3, SM-7, SM-8) */
export const auditMachine: Machine<Audit> = {
  kind: 'audit',
  prefix: 'aud',
  id: 'SM-3',
  stages: [
    ...['planned', 'postponed', 'teamProposed', 'teamConfirmed', 'planSent', 'planAgreed', 'scheduled'],
    ...['inProgress', 'reporting', 'concluded', 'resultExpired', 'findingsIssued', 'reportIssued'],
    ...['awaitingCorrectiveAction', 'recommended', 'handedToDecision'],
    ...['closed', 'cancelled', 'aborted', 'repeatRequired', 'repeatStage2Required'],
  ],
  ends: ['closed', 'cancelled', 'aborted', 'repeatRequired', 'repeatStage2Required'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'audit',
    auditType: 'stage1',
    ...{
      team: [],
      everInTeam: [],
      declarations: [],
      objections: [],
      controls: [],
      concerns: [],
      openItems: [],
      decided: false,
    },
    ...{ accepted: false, windowOver: false, remote: false, validityConfirmed: false, repeatProposed: false },
    auditorDays: 0,
    nonconformities: 0,
    repeat: 'none',
  }),
  is: (thing): thing is Audit => thing.kind === 'audit',
  evolve,
  obligations,
  commands: {
    ...openingCommands,
    ...teamCommands,
    ...planCommands,
    ...conductCommands,
    ...endingCommands,
    ...stage1Commands,
    ...stage2Commands,
  },
};

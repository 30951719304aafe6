import { nothingYet, type Machine } from '../machine.js';
import {
  confirmEffective,
  deferToNextAudit,
  findIneffective,
  findNotClosed,
  openEffectivenessCheck,
  rejectEvidence,
  submitEvidence,
  verifyClosure,
} from './closure.js';
import { evolve } from './events.js';
import { isNonconformity, openStages, type Nonconformity } from './finding.js';
import { disputeFinding, extendPlanDue, regradeFinding, retractFinding, upholdFinding } from './grading.js';
import { recordLimitPassed } from './limit.js';
import { obligations } from './owed.js';
import { changeActionOwner } from './owner.js';
import { acceptPlan, announceVerificationWay, rejectPlan, startImplementation, submitPlan } from './plan.js';
import { draftFinding, raiseNonconformity } from './raise.js';

/** Findings and their corrective action: one machine for the body's findings and for the client's own. (SM-4) */
export const nonconformityMachine: Machine<Nonconformity> = {
  kind: 'nonconformity',
  prefix: 'fnd',
  id: 'SM-4',
  stages: [
    'draft',
    ...openStages,
    'closedVerified',
    'effectivenessDue',
    'ineffective',
    'effective',
    'retracted',
    'released',
  ],
  ends: ['effective', 'retracted', 'released'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'nonconformity',
    source: 'audit',
    grades: [],
    plansAsked: 0,
    submissions: 0,
    planBy: [],
    workedBy: [],
    limitPassed: false,
    deferred: false,
    reopened: 0,
  }),
  is: isNonconformity,
  evolve,
  obligations,
  commands: {
    draftFinding,
    raiseNonconformity,
    disputeFinding,
    upholdFinding,
    regradeFinding,
    retractFinding,
    submitPlan,
    acceptPlan,
    rejectPlan,
    announceVerificationWay,
    startImplementation,
    changeActionOwner,
    submitEvidence,
    rejectEvidence,
    verifyClosure,
    deferToNextAudit,
    extendPlanDue,
    openEffectivenessCheck,
    confirmEffective,
    findIneffective,
    findNotClosed,
    recordLimitPassed,
  },
};

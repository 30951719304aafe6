import { nothingYet, type Machine } from '../machine.js';
import type { Obligation } from '../obligation.js';
import { reissueProposal, signAgreement } from './agreement.js';
import { approveAuditProgramme, reviseAuditProgramme } from './audit-programme.js';
import {
  changeGoverningZone,
  continueWithStage2,
  decideOnChangeNotice,
  endProgramme,
  giveChangeNotice,
  holdProgramme,
  resumeProgramme,
} from './course.js';
import { isProgramme, programmeEvolve, type Programme } from './facts.js';
import { openProgramme, submitApplication } from './opening.js';
import {
  acceptApplication,
  askForInformation,
  declineApplication,
  startApplicationReview,
  supplyInformation,
} from './review.js';

/** The key under which the proposal's validity is owed; each proposal has its own. */
export const proposalKey = ({ proposals }: Programme): string => `proposal-${String(proposals)}`;

/** The key under which a first decision is owed; of a certification begun anew it is another one. (I-38) */
export const firstDecisionKey = ({ continuedOn }: Programme): string =>
  continuedOn === undefined ? 'first-decision' : `first-decision-${continuedOn}`;

/** What a programme owes, and by when: the signature, and a first decision. No clock stops while it is on hold. (I-13) */
function obligations(state: Programme): readonly Obligation[] {
  const { proposalValidUntil, decisionExpectedBy, heldIn } = state;
  const at = state.stage === 'onHold' ? heldIn : state.stage;
  if (at === 'proposed' && proposalValidUntil)
    return [
      {
        key: proposalKey(state),
        what: 'signature of the agreement while the proposal is valid',
        due: proposalValidUntil,
        ladder: 'L-SHORT',
        owedBy: ['aims-manager', 'top-management'],
      },
    ];
  if (at === 'initial' && decisionExpectedBy)
    return [
      {
        key: firstDecisionKey(state),
        what: 'decision on the first certification',
        due: decisionExpectedBy,
        ladder: 'L-LONG',
        escalation: 'X-CB',
        owedBy: ['aims-manager', 'programme-manager'],
      },
    ];
  return [];
}

/** The certification programme: the parent of everything else. (SM-0) */
export const programmeMachine: Machine<Programme> = {
  kind: 'programme',
  prefix: 'prg',
  id: 'SM-0',
  stages: [
    ...['draft', 'applied', 'reviewing', 'proposed', 'contracted', 'initial', 'certified'],
    ...['recertifying', 'onHold', 'lapsed', 'terminated'],
  ],
  ends: ['terminated'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'programme',
    bodyMode: 'hosted',
    governingZone: 'Etc/UTC',
    ...{ sites: [], aiSystems: [], agreedSites: [], auditProgramme: [], changeNotices: [] },
    ...{ people: 0, aiPeople: 0, questions: 0, answers: 0, proposals: 0, cycle: 1 },
    ...{ restorableNoMore: false, stage1Needed: true },
  }),
  is: isProgramme,
  evolve: programmeEvolve,
  commands: {
    ...{ openProgramme, submitApplication },
    ...{
      startApplicationReview,
      askForInformation,
      supplyInformation,
      acceptApplication,
      declineApplication,
    },
    ...{ reissueProposal, signAgreement, approveAuditProgramme, reviseAuditProgramme },
    ...{ holdProgramme, resumeProgramme, giveChangeNotice, decideOnChangeNotice },
    ...{ changeGoverningZone, continueWithStage2, endProgramme },
  },
  obligations,
};

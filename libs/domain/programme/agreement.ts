import type { CommandRule, Context, Objection } from '../machine.js';
import { refusal } from '../refusal.js';
import { programmeFact, type Programme } from './facts.js';
import { validity } from './review.js';

/** The sites that the agreement covers, by their keys. (R-AGR-1) */
export interface SignAgreement {
  readonly sites: readonly string[];
}

const lapsed = ({ proposalValidUntil }: Programme, { today }: Context): Objection =>
  proposalValidUntil && today > proposalValidUntil.date
    ? refusal('proposal-lapsed', ['SM-0'], `The proposal was valid until ${proposalValidUntil.date}.`, {
        wouldNeed: 'the proposal to be issued again',
        whoCould: ['programme-manager'],
      })
    : undefined;

function sitesLeftOut({ sites }: SignAgreement, state: Programme): Objection {
  const out = state.sites.map(({ key }) => key).filter((key) => !sites.includes(key));
  return out.length === 0
    ? undefined
    : refusal('agreement-missing', ['R-AGR-1'], 'The agreement does not cover every site.', { missing: out });
}

/** Issues the proposal again, with a new last day. (SM-0) */
export const reissueProposal: CommandRule<Programme> = {
  does: 'Issue the proposal again.',
  who: ['programme-manager'],
  from: ['proposed'],
  to: ['proposed'],
  rules: ['SM-0'],
  refuses: [],
  record: (_, { id }, context) => [
    programmeFact('proposal.issued', id, { validUntil: validity(context), reenters: true }),
  ],
};

/** Client and body sign: a legally enforceable agreement over all sites, before any audit. (R-AGR-1) */
export const signAgreement: CommandRule<Programme, SignAgreement> = {
  does: 'Sign the agreement.',
  who: ['top-management'],
  and: ['signatory'],
  from: ['proposed'],
  to: ['contracted'],
  person: true,
  rules: ['R-AGR-1', 'SM-0'],
  refuses: ['agreement-missing', 'proposal-lapsed'],
  may: (state, context) => [lapsed(state, context)],
  guard: (input, state) => [sitesLeftOut(input, state)],
  record: ({ sites }, { id }, { actor }) => [programmeFact('agreement.signed', id, { sites, by: actor.id })],
};

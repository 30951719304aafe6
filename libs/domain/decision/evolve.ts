import type { CivilDate } from '../instant.js';
import { later } from '../calendar.js';
import type { Evolvers } from '../machine.js';
import type { Dossier, DossierEvents } from './dossier.js';

const until = (before: CivilDate | undefined, day: CivilDate): CivilDate =>
  before ? later(before, day) : day;

/** How each fact moves a dossier. Votes and declarations belong to one review: a dossier that was returned is reviewed anew. */
export const evolve: Evolvers<Dossier, DossierEvents> = {
  'dossier.opened': (state, { data }) => ({ ...state, ...data, stage: 'dossierOpen' }),
  'dossier.item-added': (state, { data: { item, on } }) => ({
    ...state,
    items: [...new Set([...state.items, item])],
    lastEvidenceOn: until(state.lastEvidenceOn, on),
  }),
  'dossier.completed': (state, { data }) => ({ ...state, due: data.due, stage: 'dossierComplete' }),
  'decision-maker.assigned': (state, { data }) => ({
    ...state,
    makers: [...new Set([...state.makers, data.person])],
  }),
  'decision.review-started': ({ quorum: _, ...state }, { data: { by, quorum } }) => ({
    ...state,
    declared: [by],
    ...(quorum === undefined ? {} : { quorum }),
    stage: 'underReview',
  }),
  'decision.information-asked': (state) => ({ ...state, stage: 'informationAsked' }),
  'decision.information-supplied': (state, { data }) => ({
    ...state,
    lastEvidenceOn: until(state.lastEvidenceOn, data.on),
    stage: 'underReview',
  }),
  'decision.returned': (state) => ({ ...state, votes: [], declared: [], stage: 'dossierOpen' }),
  'decision.vote-cast': (state, { data: { by, vote, freeOfConflicts } }) => ({
    ...state,
    votes: [...state.votes.filter((one) => one.by !== by), { by, vote }],
    declared: [...(state.declared ?? []), ...(freeOfConflicts ? [by] : [])],
  }),
  'decision.made': (state, { data: { decision, on, effectiveDate, cycleMonths, certificate } }) => ({
    ...state,
    ...{ decision, decidedOn: on, effectiveDate, stage: 'decided' },
    ...(cycleMonths === undefined ? {} : { cycleMonths }),
    ...(certificate ? { certificate } : {}),
  }),
  'decision.notified': (state) => ({ ...state, stage: 'notified' }),
  'decision.date-corrected': (state, { data: { to, effectiveDate } }) => ({
    ...state,
    decidedOn: to,
    effectiveDate,
  }),
  'dossier.closed': (state) => ({ ...state, stage: 'dossierClosed' }),
};

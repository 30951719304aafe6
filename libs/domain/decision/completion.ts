import type { Id } from '../actor.js';
import { incompleteContent } from '../certificate/content.js';
import { draftAmong } from '../certificate/life.js';
import { softSpan } from '../explanation.js';
import type { CommandRule, Context, Objection, Thing } from '../machine.js';
import { initialAuditsHeld, isAudit } from '../audit/life.js';
import { ended, isRecommended, notInitial } from './guards.js';
import { notRecommended, recommendedAmong } from './renewal.js';
import { programmeOf } from '../programme/parties.js';
import { auditsOf } from '../recertification/facts.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';
import {
  dossier,
  itemsNeeded,
  matterOf,
  dossierOpened,
  isDossier,
  isUndecided,
  type DecisionKind,
  type Dossier,
  type DossierItem,
} from './dossier.js';

/** What is to be decided, and on which audits that rests. */
export interface OpenDossier {
  readonly proposes: DecisionKind;
  readonly audits: readonly Id[];
}

const unknownAudits = ({ audits, proposes }: OpenDossier, { things }: Context): Objection => {
  const known = things.filter(isAudit).map(({ id }) => id);
  const unknown = audits.filter((id) => !known.includes(id));
  if (unknown.length === 0 && (audits.length > 0 || proposes === 'maintain')) return undefined;
  return refusal('dossier-incomplete', ['R-DEC-3'], 'A decision rests on audits of this programme.', {
    missing: unknown.length > 0 ? unknown : ['audits'],
  });
};

const anotherOne = ({ things }: Context): Objection => {
  const other = things.filter(isDossier).find(isUndecided);
  return other
    ? refusal('wrong-state', ['SM-5'], 'Another dossier of this programme is open.', {
        because: [{ thing: other.id, act: 'dossier.opened' }],
      })
    : undefined;
};

/** The audits of the matter itself: a decision rests on them whether or not they were named. (R-DEC-3, SOD-1) */
function auditsOfMatter(proposes: DecisionKind, things: readonly Thing[]): readonly Id[] {
  if (matterOf(proposes) === 'initial') return initialAuditsHeld(things);
  const renewal = matterOf(proposes) === 'recertification' ? recommendedAmong(things) : undefined;
  return renewal ? auditsOf(renewal, things) : [];
}

/** Opens a dossier under the programme. (SM-5) */
export const openDossier: CommandRule<Dossier, OpenDossier> = {
  does: 'Open a dossier for a decision.',
  who: ['programme-manager', 'engine'],
  from: ['none'],
  to: ['dossierOpen'],
  rules: ['SM-0', 'SM-5', 'SM-8', 'R-DEC-3', 'R-REC-3', 'SOD-1'],
  refuses: ['dossier-incomplete', 'recommendation-missing'],
  looks: ['audit', 'dossier', 'certificate', 'recertification'],
  series: 'D',
  guard: (input, _, context) => [
    unknownAudits(input, context),
    anotherOne(context),
    matterOf(input.proposes) === 'initial'
      ? notInitial(context.under && programmeOf(context.under), context)
      : ended(context.under && programmeOf(context.under), context),
    matterOf(input.proposes) === 'recertification' && !recommendedAmong(context.things)
      ? notRecommended
      : undefined,
  ],
  record: ({ proposes, audits: named }, { id }, { under, actor, newNumber, things }) => {
    const audits = [...new Set([...auditsOfMatter(proposes, things), ...named])];
    const programme = under && programmeOf(under);
    const opens = {
      organisation: actor.organisation,
      ...(programme ? { programme } : {}),
      ...(under ? { about: under.id } : {}),
      visibility: 'owner' as const,
      number: newNumber,
    };
    return [dossierOpened(id, { proposes, audits, opens })];
  },
};

/** One thing for the dossier: a report, comments, a confirmation. (R-DEC-3) */
export interface AddToDossier {
  readonly item: DossierItem;
  readonly comment?: string;
}

/** Adds to the dossier what it must hold. (R-DEC-3) */
export const addToDossier: CommandRule<Dossier, AddToDossier> = {
  does: 'Add an item to the dossier.',
  who: ['programme-manager', 'lead-auditor'],
  from: ['dossierOpen', 'informationAsked'],
  to: [],
  inside: true,
  rules: ['R-DEC-3'],
  refuses: [],
  record: ({ item, comment }, { id }, { effectiveOn: on, evidence }) => [
    dossier('dossier.item-added', id, { item, on }, { evidence, texts: filled({ [item]: comment }) }),
  ],
};

/** What comes with the audit: its report, the recommendation, and at a recertification the review of the cycle. */
function itemsOf(state: Dossier, context: Context): readonly DossierItem[] {
  const { items, audits, proposes } = state;
  const { things } = context;
  const held = things.filter(isAudit).filter(({ id }) => audits.includes(id));
  const reported = held.some(({ stage }) => stage === 'reportIssued' || stage === 'closed');
  if (matterOf(proposes) === 'surveillance') return reported ? [...items, 'auditReport'] : items;
  if (matterOf(proposes) === 'recertification')
    return recommendedAmong(things) ? [...items, 'auditReport', 'cycleReview', 'recommendation'] : items;
  return isRecommended(state, context) ? [...items, 'auditReport', 'recommendation'] : items;
}

function incomplete(state: Dossier, context: Context): Objection {
  const have = itemsOf(state, context);
  const lacking = itemsNeeded[matterOf(state.proposes)].filter((item) => !have.includes(item));
  return lacking.length > 0
    ? refusal('dossier-incomplete', ['R-DEC-3', 'R-DEC-5'], 'The dossier is not complete.', {
        missing: lacking,
      })
    : undefined;
}

/** Declares the dossier complete; from then on the decision is due. (R-DEC-3, R-DEC-8) */
export const declareDossierComplete: CommandRule<Dossier> = {
  does: 'Declare the dossier complete.',
  who: ['programme-manager'],
  from: ['dossierOpen'],
  to: ['dossierComplete'],
  inside: true,
  person: true,
  rules: ['R-DEC-3', 'R-DEC-5', 'R-DEC-8', 'R-CRT-1', 'R-CRT-3', 'I-9', 'INV-9'],
  refuses: ['dossier-incomplete', 'certificate-content-incomplete'],
  looks: ['audit', 'certificate', 'recertification'],
  may: (state, context) => [
    incomplete(state, context),
    state.proposes === 'grant' ? incompleteContent(draftAmong(context.things)) : undefined,
  ],
  record: (_, { id }, { effectiveOn: on, policy }) => {
    const anchor = { name: 'complete dossier', date: on };
    const key = 'decision.slaBusinessDays';
    const due = softSpan({ rule: 'R-DEC-8', anchor, key, unit: 'businessDays' }, policy);
    return [dossier('dossier.completed', id, { on, due })];
  },
};

/** Closes a dossier that another one supersedes, or that is moot. (SM-5) */
export const closeDossier: CommandRule<Dossier> = {
  does: 'Close the dossier without a decision, with the reason.',
  who: ['programme-manager'],
  from: ['dossierOpen', 'dossierComplete', 'underReview'],
  to: ['dossierClosed'],
  rules: ['SM-5'],
  refuses: [],
  needs: ['reason'],
  record: (_, { id }, { reason }) => [dossier('dossier.closed', id, {}, { texts: filled({ reason }) })],
};

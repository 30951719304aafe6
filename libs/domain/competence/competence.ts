import { isSameHuman, type Id } from '../actor.js';
import type { CivilDate } from '../instant.js';
import {
  nothingYet,
  recorder,
  type CommandRule,
  type Context,
  type Evolvers,
  type Machine,
  type Objection,
  type Thing,
} from '../machine.js';
import { humanOf } from '../person/facts.js';
import { refusal } from '../refusal.js';

/** What a body's people are found competent for. (R-CMP-1) */
export const competenceFunctions = [
  'applicationReview',
  'audit',
  'technicalExpert',
  'reportReview',
  'decision',
] as const;

export type CompetenceFunction = (typeof competenceFunctions)[number];

/** A field of knowledge: `aims`, `ai-technology`, or a sector such as `sector-health`. */
export type Area = string;

/** One person's competence for one function, in areas, until a day; from then on it gates every assignment. (R-CMP-1) */
export interface Competence extends Thing {
  readonly kind: 'competence';
  /** The function for which it stands. */
  readonly of: CompetenceFunction;
  readonly areas: readonly Area[];
  readonly until?: CivilDate;
}

/** The function for which somebody is a candidate. */
export interface ProposeCandidate {
  readonly of: CompetenceFunction;
}

/** The areas in which competence was evaluated, and the last day on which that counts. */
export interface QualifyPerson {
  readonly areas: readonly Area[];
  readonly until: CivilDate;
}

/** How somebody was watched at work. */
export interface RecordMonitoring {
  readonly way: 'witnessedAudit' | 'reportReview';
}

interface CompetenceEvents {
  'competence.proposed': { of: CompetenceFunction };
  'competence.qualified': QualifyPerson;
  'competence.monitored': RecordMonitoring;
  'competence.requalified': QualifyPerson;
  'competence.suspended': object;
}

const competence = recorder<CompetenceEvents>('competence');

const evolve: Evolvers<Competence, CompetenceEvents> = {
  'competence.proposed': (state, { data }) => ({ ...state, ...data, stage: 'candidate' }),
  'competence.qualified': (state, { data }) => ({ ...state, ...data, stage: 'qualified' }),
  'competence.monitored': (state) => ({ ...state, stage: 'monitored' }),
  'competence.requalified': (state, { data }) => ({ ...state, ...data, stage: 'qualified' }),
  'competence.suspended': (state) => ({ ...state, stage: 'competenceSuspended' }),
};

const oneself = ({ about = '' }: Thing, { actor, things }: Context): Objection =>
  isSameHuman(actor, humanOf(about, things))
    ? refusal('separation-of-duties', ['R-CMP-1', 'SOD-8'], 'Nobody finds themselves competent.', {
        whoCould: ['scheme-administrator'],
      })
    : undefined;

const proposeCandidate: CommandRule<Competence, ProposeCandidate> = {
  does: 'Propose somebody for a function.',
  who: ['programme-manager'],
  from: ['none'],
  to: ['candidate'],
  rules: ['R-CMP-1'],
  refuses: ['wrong-state'],
  guard: (_, __, { under }) => [
    under?.kind === 'person'
      ? undefined
      : refusal('wrong-state', ['R-CMP-1'], 'Competence is about a person.', { wouldNeed: 'a person' }),
  ],
  record: ({ of }, { id }, { actor, under }) => [
    competence(
      'competence.proposed',
      id,
      { of },
      {
        opens: {
          organisation: actor.organisation,
          visibility: 'owner',
          ...(under ? { about: under.id } : {}),
        },
      },
    ),
  ],
};

const qualifyPerson: CommandRule<Competence, QualifyPerson> = {
  does: 'Find the person competent, in areas and until a day.',
  who: ['scheme-administrator'],
  from: ['candidate'],
  to: ['qualified'],
  person: true,
  rules: ['R-CMP-1', 'SOD-8'],
  refuses: ['separation-of-duties'],
  may: (state, context) => [oneself(state, context)],
  record: ({ areas, until }, { id }) => [competence('competence.qualified', id, { areas, until })],
};

const recordMonitoring: CommandRule<Competence, RecordMonitoring> = {
  does: 'Record that the person was watched at work.',
  who: ['programme-manager'],
  from: ['qualified', 'monitored'],
  to: ['monitored'],
  rules: ['R-CMP-1', 'SOD-8'],
  refuses: ['separation-of-duties'],
  may: (state, context) => [oneself(state, context)],
  record: ({ way }, { id }) => [competence('competence.monitored', id, { way })],
};

const requalifyPerson: CommandRule<Competence, QualifyPerson> = {
  does: 'Find the person competent anew.',
  who: ['scheme-administrator'],
  from: ['qualified', 'monitored', 'competenceSuspended'],
  to: ['qualified'],
  person: true,
  rules: ['R-CMP-1', 'SOD-8'],
  refuses: ['separation-of-duties'],
  may: (state, context) => [oneself(state, context)],
  record: ({ areas, until }, { id }) => [competence('competence.requalified', id, { areas, until })],
};

const suspendCompetence: CommandRule<Competence> = {
  does: 'Suspend the competence.',
  who: ['scheme-administrator'],
  from: ['qualified', 'monitored'],
  to: ['competenceSuspended'],
  person: true,
  needs: ['reason'],
  rules: ['R-CMP-1'],
  refuses: [],
  record: (_, { id }, { reason = '' }) => [competence('competence.suspended', id, {}, { texts: { reason } })],
};

/** The register of competence of a body's people. That requalification is due follows from the last day. (SUP-4) */
export const competenceMachine: Machine<Competence> = {
  kind: 'competence',
  prefix: 'cpt',
  id: 'SUP-4',
  stages: ['candidate', 'qualified', 'monitored', 'competenceSuspended'],
  ends: [],
  initial: (id) => ({ ...nothingYet(id), kind: 'competence', of: 'audit', areas: [] }),
  is: (thing): thing is Competence => thing.kind === 'competence',
  evolve,
  commands: { proposeCandidate, qualifyPerson, recordMonitoring, requalifyPerson, suspendCompetence },
};

/** For what competence is asked: a function, and an area where one matters, on a day. */
export interface Asked {
  readonly of: CompetenceFunction;
  readonly area?: Area;
  readonly on: CivilDate;
}

/** True when the person's competence covers function and area on that day, the last day included. (R-CMP-1) */
export const isCompetent = (things: readonly Thing[], person: Id, { of, area, on }: Asked): boolean =>
  things
    .filter(competenceMachine.is)
    .filter(({ about, stage }) => about === person && (stage === 'qualified' || stage === 'monitored'))
    .some(
      (one) =>
        one.of === of &&
        (one.until === undefined || on <= one.until) &&
        (area === undefined || one.areas.includes(area)),
    );

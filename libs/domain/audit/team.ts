import { isSameHuman, type Id } from '../actor.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Event, Objection } from '../machine.js';
import { humanOf } from '../person/facts.js';
import { refusal, type RefusalCode } from '../refusal.js';
import { filled, isFilled } from '../wording.js';
import { declaredUntil, objectionWindow } from './dates.js';
import { audit } from './events.js';
import { becauseOf } from './guards.js';
import { declarationOf, type Audit, type Member } from './life.js';
import { clientHolders, clientOf, objectionsToTeam } from './team-check.js';

/** The people who are to audit, each with a function. */
export interface ProposeTeam {
  readonly members: readonly Member[];
  /** The names as a body gave them that has no accounts here. */
  readonly names?: string;
}

/** What a member declares for this assignment. */
export interface DeclareConflicts {
  readonly free: boolean;
  readonly until: CivilDate;
  /** Ties, circumstances, doubts; needed when the member is not free of conflicts. */
  readonly statement?: string;
}

/** The member to whom the client objects, and why. */
export interface ObjectToMember {
  /** Absent only where a body elsewhere gave names of people without accounts; then the grounds say whom. */
  readonly member?: Id;
  readonly grounds: string;
}

/** The answer to an objection: another team, or the reason why it stays. */
export interface ResolveObjection {
  readonly objection: string;
  readonly accepted: boolean;
  readonly members?: readonly Member[];
  readonly answer: string;
}

const teamRefusals: readonly RefusalCode[] = [
  ...(['competence-missing', 'expert-without-auditor', 'lookback-not-over', 'separation-of-duties'] as const),
];
const teamRules = [
  ...(['R-TEAM-1', 'R-TEAM-2', 'R-CMP-1', 'R-IMP-2', 'R-IMP-3', 'SOD-5', 'SOD-9', 'SOD-10'] as const),
  'I-24' as const,
];

const idsOf = ({ members = [] }: { readonly members?: readonly Member[] }): readonly Id[] =>
  members.map(({ person }) => person);

/** The team and its notice to the client, from which the time to object runs. (R-TEAM-2) */
function teamProposed(
  { members, names }: ProposeTeam,
  state: Audit,
  { things, effectiveOn, policy }: Context,
): Event[] {
  const humans = members.map(({ person }) => humanOf(person, things));
  const again = state.stage === 'teamProposed' ? { reenters: true as const } : {};
  return [
    audit('team.proposed', state.id, { members, humans, ...again }, { texts: filled({ team: names }) }),
    audit('team.announced', state.id, { window: objectionWindow(effectiveOn, policy) }),
  ];
}

const proposeTeam: CommandRule<Audit, ProposeTeam> = {
  does: 'Propose the audit team and tell the client the names.',
  who: ['programme-manager'],
  from: ['planned'],
  to: ['teamProposed'],
  rules: teamRules,
  refuses: teamRefusals,
  people: idsOf,
  holders: clientHolders,
  guard: ({ members }, { programme }, context) =>
    objectionsToTeam(members, clientOf(programme, context), context),
  record: (input, state, context) => teamProposed(input, state, context),
};

const ownDeclaration = ({ team }: Audit, { actor }: Context): Objection =>
  team.some(({ person }) => isSameHuman(actor, person))
    ? undefined
    : refusal('not-permitted', ['R-IMP-4'], 'Only members of this team declare for this assignment.', {
        whoCould: ['lead-auditor', 'auditor', 'technical-expert'],
      });

const declareConflicts: CommandRule<Audit, DeclareConflicts> = {
  does: 'Declare your conflicts of interest for this assignment, or that there are none.',
  who: ['lead-auditor', 'auditor', 'technical-expert'],
  from: ['teamProposed', 'teamConfirmed', 'planSent', 'planAgreed', 'scheduled', 'inProgress'],
  to: [],
  inside: true,
  person: true,
  rules: ['R-IMP-4'],
  refuses: ['conflict-declaration-missing'],
  may: (state, context) => [ownDeclaration(state, context)],
  guard: ({ until, free, statement }, _, { effectiveOn }) => [
    until < effectiveOn
      ? refusal(
          'conflict-declaration-missing',
          ['R-IMP-4'],
          `A declaration that ended on ${until} says nothing.`,
        )
      : undefined,
    !free && !isFilled(statement)
      ? refusal('conflict-declaration-missing', ['R-IMP-4'], 'Say what the conflict is.', {
          missing: ['statement'],
        })
      : undefined,
  ],
  record: ({ free, until, statement }, state, { actor, effectiveOn }) => {
    const by = state.team.find(({ person }) => isSameHuman(actor, person))?.person ?? actor.id;
    const key = `declaration-${String(state.declarations.length + 1)}`;
    const data = { key, by, free, until: declaredUntil(effectiveOn, until) };
    return [audit('conflicts.declared', state.id, data, { texts: filled({ [key]: statement }) })];
  },
};

const objectToMember: CommandRule<Audit, ObjectToMember> = {
  does: 'Object to a member of the team.',
  who: ['aims-manager'],
  from: ['teamProposed'],
  to: [],
  rules: ['R-TEAM-2'],
  refuses: ['objection-window-over', 'reason-missing'],
  may: ({ window, accepted }, { effectiveOn }) => [
    accepted || (window !== undefined && effectiveOn > window.date)
      ? refusal(
          'objection-window-over',
          ['R-TEAM-2'],
          'The team was accepted, or the time to object is over.',
        )
      : undefined,
  ],
  guard: ({ member, grounds }, { team, mirrored }) => [
    isFilled(grounds) ? undefined : refusal('reason-missing', ['R-TEAM-2'], 'Say why you object.'),
    team.some(({ person }) => person === member) || (mirrored && team.length === 0 && member === undefined)
      ? undefined
      : refusal('wrong-state', ['R-TEAM-2'], 'This person is not in the team.'),
  ],
  record: ({ member, grounds }, { id, objections }) => {
    const objection = `objection-${String(objections.length + 1)}`;
    const whom = member === undefined ? {} : { member };
    return [audit('team.objection-raised', id, { objection, ...whom }, { texts: { [objection]: grounds } })];
  },
};

const resolveObjection: CommandRule<Audit, ResolveObjection> = {
  does: 'Answer an objection: with another team, or with the reason why the member stays.',
  who: ['programme-manager'],
  from: ['teamProposed'],
  to: [],
  person: true,
  rules: teamRules,
  refuses: [...teamRefusals, 'objection-open', 'reason-missing'],
  people: idsOf,
  holders: clientHolders,
  guard: (input, state, context) => [
    isFilled(input.answer)
      ? undefined
      : refusal('reason-missing', ['R-TEAM-2'], 'An answer needs its reason.'),
    unknownObjection(input.objection, state),
    ...(input.accepted ? replacement(input, state, context) : []),
  ],
  record: ({ objection, accepted, members = [], answer }, state, context) => [
    audit(
      'team.objection-resolved',
      state.id,
      { objection, accepted },
      { texts: { [`${objection}-answer`]: answer } },
    ),
    ...(accepted ? teamProposed({ members }, state, context) : []),
  ],
};

const unknownObjection = (key: string, { objections }: Audit): Objection =>
  objections.some((one) => one.key === key && one.resolved === undefined)
    ? undefined
    : refusal('wrong-state', ['R-TEAM-2'], `There is no open objection ${key}.`);

function replacement(
  { objection, members = [] }: ResolveObjection,
  state: Audit,
  context: Context,
): Objection[] {
  const objected = state.objections.find(({ key }) => key === objection)?.member;
  return [
    members.some(({ person }) => person === objected)
      ? refusal('objection-open', ['R-TEAM-2'], 'The objection is accepted, so the member leaves the team.')
      : undefined,
    ...objectionsToTeam(members, clientOf(state.programme, context), context),
  ];
}

const acceptTeam: CommandRule<Audit> = {
  does: 'Accept the team.',
  who: ['aims-manager'],
  from: ['teamProposed'],
  to: [],
  person: true,
  rules: ['R-TEAM-2'],
  refuses: ['objection-open'],
  may: (state) => [openObjection(state)],
  record: (_, { id }) => [audit('team.accepted', id, {})],
};

const openObjection = ({ objections }: Audit): Objection => {
  const open = objections.filter(({ resolved }) => resolved === undefined).map(({ key }) => key);
  return open.length > 0
    ? refusal('objection-open', ['R-TEAM-2'], 'An objection of the client has no answer yet.', {
        missing: open,
      })
    : undefined;
};

const stillAsked = ({ accepted, window }: Audit, { effectiveOn }: Context): Objection =>
  accepted || (window !== undefined && effectiveOn > window.date)
    ? undefined
    : refusal('objection-open', ['R-TEAM-2', 'I-16'], 'The client may still object.', {
        wouldNeed: `acceptance by the client, or the day after ${window?.date ?? 'the team notice'}`,
        whoCould: ['aims-manager'],
      });

/** The members without a declaration that is free of conflicts and in force on the day. (R-IMP-4) */
export function undeclared(state: Audit, { effectiveOn }: Context): Objection {
  const without = state.team
    .map(({ person }) => person)
    .filter((person) => {
      const declaration = declarationOf(state, person);
      return !declaration?.free || declaration.until.date < effectiveOn;
    });
  return without.length > 0
    ? refusal(
        'conflict-declaration-missing',
        ['R-IMP-4'],
        'A member has no valid declaration for this assignment.',
        {
          missing: without,
        },
      )
    : undefined;
}

const confirmTeam: CommandRule<Audit> = {
  does: 'Confirm the team.',
  who: ['programme-manager'],
  from: ['teamProposed'],
  to: ['teamConfirmed'],
  person: true,
  rules: ['R-TEAM-2', 'R-IMP-4', 'I-16'],
  refuses: ['objection-open', 'conflict-declaration-missing'],
  may: (state, context) => [openObjection(state), stillAsked(state, context), undeclared(state, context)],
  record: (_, { id }) => [audit('team.confirmed', id, {})],
};

const changeTeam: CommandRule<Audit, ProposeTeam> = {
  does: 'Change the team; the client may object anew.',
  who: ['programme-manager'],
  from: ['teamConfirmed', 'planSent', 'planAgreed', 'scheduled'],
  to: ['teamProposed'],
  needs: ['reason'],
  rules: teamRules,
  refuses: teamRefusals,
  people: idsOf,
  holders: clientHolders,
  guard: ({ members }, { programme }, context) =>
    objectionsToTeam(members, clientOf(programme, context), context),
  record: (input, state, context) => [
    audit('team.changed', state.id, {}, { texts: becauseOf(context) }),
    ...teamProposed(input, state, context),
  ],
};

const recordObjectionWindowOver: CommandRule<Audit> = {
  does: 'Record that the time to object has passed in silence.',
  who: ['engine'],
  from: ['teamProposed'],
  to: [],
  rules: ['R-TEAM-2', 'I-16'],
  refuses: [],
  may: ({ window, accepted, windowOver }, { today }) => [
    window && !accepted && !windowOver && today > window.date
      ? undefined
      : refusal('wrong-state', ['R-TEAM-2'], 'No objection window has passed in silence.'),
  ],
  record: (_, { id }) => [audit('team.objection-window-over', id, {})],
};

/** The commands by which a team is proposed, questioned and confirmed. (R-TEAM-1, R-TEAM-2, R-IMP-4) */
export const teamCommands = {
  ...{ proposeTeam, declareConflicts, objectToMember, resolveObjection, acceptTeam },
  ...{ confirmTeam, changeTeam, recordObjectionWindowOver },
};

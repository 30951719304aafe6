import type { Id, Role } from '../actor.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import type { Reading } from '../notice/reader.js';
import { organisationIn } from '../organisation/organisation.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';
import { isPerson, personFact, type Person } from './facts.js';
import { endings } from './lending.js';
import { returned } from './returning.js';
import {
  administratorApart,
  everyRole,
  givenByAdministrator,
  owners,
  roleOfOtherSide,
  visitsForATime,
} from './grants.js';
import type { Interest } from './interests.js';

/** Somebody new in an organisation, with the first roles. */
export interface InvitePerson {
  readonly name: string;
  readonly mail: string;
  readonly roles: readonly Role[];
  /** The day from which the first roles are held; today when none is given. */
  readonly from?: CivilDate;
  /** The last day on which they are held. */
  readonly until?: CivilDate;
  /** Another account of the same human, here or elsewhere. (SOD-10) */
  readonly sameHumanAs?: Id;
}

/** What people change of themselves: how they are called, and how they want to be written to. */
export interface ChangePerson extends Reading {
  readonly name?: string;
  readonly mail?: string;
}

/** The last day on which somebody belongs to the organisation. */
export interface RecordDeparture {
  readonly on: CivilDate;
}

const self = ({ id }: Person, { actor }: Context): Objection =>
  actor.id === id
    ? undefined
    : refusal('not-permitted', ['SUP-0'], 'Everybody does this for themselves alone.', {
        wouldNeed: 'the person',
      });

const noOrganisation = ({ under }: Context): Objection =>
  under?.kind === 'organisation'
    ? undefined
    : refusal('wrong-state', ['SUP-0'], 'A person is invited into an organisation.', {
        wouldNeed: 'an organisation',
      });

/** The human whose account the new one is: as it was said, or as the address says. */
const humanIn = ({ sameHumanAs }: InvitePerson, { things, atAddress = [] }: Context): Id | undefined => {
  const people = things.filter(isPerson);
  const said = people.find(({ id }) => id === sameHumanAs);
  return (said ?? people.find(({ id }) => atAddress.includes(id)))?.human;
};

/** One address is one human's: what the same mailbox confirms, the same human confirms. (SOD-10) */
const addressOfOthers = (input: InvitePerson, context: Context): Objection =>
  context.things
    .filter(isPerson)
    .some(({ id, human }) => context.atAddress?.includes(id) === true && human !== humanIn(input, context))
    ? refusal('separation-of-duties', ['SOD-10'], 'This address belongs to an account of somebody else.', {
        wouldNeed: 'an address of their own, or the account with this address as sameHumanAs',
      })
    : undefined;

const oneself = (input: InvitePerson, context: Context): Objection =>
  humanIn(input, context) === context.actor.human
    ? refusal('four-eyes-required', ['SUP-0'], 'Nobody gives themselves another account.', {
        whoCould: owners,
      })
    : undefined;

/** Invites somebody. (SUP-0, SOD-10, SOD-12) */
export const invitePerson: CommandRule<Person, InvitePerson> = {
  does: 'Invite a person.',
  who: owners,
  from: ['none'],
  to: ['invited'],
  rules: ['SUP-0', 'SOD-10', 'SOD-12', 'R-GEN-6'],
  refuses: ['separation-of-duties', 'four-eyes-required', 'wrong-state', 'not-permitted', 'last-day-missing'],
  people: ({ sameHumanAs }) => (sameHumanAs === undefined ? [] : [sameHumanAs]),
  address: ({ mail }) => mail,
  guard: (input, _, context) => [
    noOrganisation(context),
    addressOfOthers(input, context),
    oneself(input, context),
    visitsForATime(input.roles, input.until),
    givenByAdministrator(input.roles, context),
    roleOfOtherSide(input.roles, context.under?.id ?? '', under(context)),
    administratorApart(input.roles, modeOf(context)),
  ],
  record: (input, { id }, context) => {
    const { name, mail, roles, from, until } = input;
    const organisation = context.under?.id ?? context.actor.organisation;
    const human = humanIn(input, context) ?? id;
    const opens = { organisation, visibility: 'owner' as const };
    const days = { from: from ?? context.today, ...(until === undefined ? {} : { until }) };
    return [
      personFact('person.invited', id, { human, mode: modeOf(context) }, { opens, texts: { name, mail } }),
      ...[...new Set(roles)].map((role) => personFact('role.granted', id, { role, ...days })),
    ];
  },
};

const under = (context: Context) => [...(context.under ? [context.under] : []), ...context.things];

const modeOf = (context: Context) => organisationIn(under(context), context.under?.id ?? '')?.mode ?? 'live';

/** Takes up the invitation. (SUP-0) */
export const acceptInvitation: CommandRule<Person> = {
  does: 'Accept the invitation.',
  who: everyRole,
  from: ['invited'],
  to: ['active'],
  person: true,
  rules: ['SUP-0'],
  refuses: ['not-permitted'],
  may: (state, context) => [self(state, context)],
  record: (_, { id }) => [personFact('person.joined', id, {})],
};

/** Nobody has shown yet that a new address is theirs, and whoever has the mailbox has the account. */
const addressIsKept = ({ mail }: ChangePerson, { mode }: Person): Objection =>
  mail !== undefined && mode === 'live'
    ? refusal('wrong-state', ['SUP-0'], 'The address by which somebody signs in is not changed.', {
        wouldNeed: 'an invitation to the new address, with this account as sameHumanAs',
      })
    : undefined;

/** Changes what people may change of themselves. (SUP-0) */
export const changePerson: CommandRule<Person, ChangePerson> = {
  does: 'Change name or address, or how one wants to be written to.',
  who: everyRole,
  from: ['invited', 'active'],
  to: [],
  rules: ['SUP-0'],
  refuses: ['not-permitted', 'wrong-state'],
  may: (state, context) => [self(state, context)],
  guard: (input, state) => [addressIsKept(input, state)],
  record: ({ name, mail, ...reading }, { id }) => [
    personFact('person.changed', id, reading, { texts: filled({ name, mail }) }),
  ],
};

/** Tells of a tie to a client; the organisation's owners may do it for somebody. (R-IMP-2, R-IMP-3) */
export const declareInterest: CommandRule<Person, Interest> = {
  does: 'Declare a tie to a client.',
  who: everyRole,
  from: ['invited', 'active'],
  to: [],
  rules: ['R-IMP-2', 'R-IMP-3', 'SOD-5'],
  refuses: ['not-permitted'],
  may: (state, context) => [owners.some((role) => role === context.role) ? undefined : self(state, context)],
  record: ({ kind, client, from, until }, { id }) => [
    personFact('interest.declared', id, { kind, client, from, ...(until === undefined ? {} : { until }) }),
  ],
};

/** Somebody leaves: every role ends on the day, their tasks go back to the queues, and what they did stays. (SUP-0, SOD-15) */
export const recordDeparture: CommandRule<Person, RecordDeparture> = {
  does: 'Record that the person leaves.',
  who: owners,
  from: ['invited', 'active'],
  to: ['departed'],
  rules: ['SUP-0', 'SOD-15'],
  refuses: [],
  people: (_, { lent }) => lent.map(({ to }) => to),
  record: ({ on }, state, context) => [
    ...endings(state, () => true, on),
    personFact('person.departed', state.id, { on }),
    ...(on < context.today ? returned(state, [], context) : []),
  ],
};

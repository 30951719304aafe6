import type { Actor, Grant, Id, Role } from '../actor.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { refusal } from '../refusal.js';
import { dayBefore, isPerson, personFact, type Person } from './facts.js';
import { administratorApart, everyRole, heldOn, owners } from './grants.js';
import { endings, handed } from './lending.js';

// Somebody acts for another person: by a delegation with an end, or as the deputy of somebody who is away. (SOD-15)

/** A role that its holder hands to a colleague, until a day. */
export interface Delegate {
  readonly role: Role;
  readonly programme?: Id;
  readonly to: Id;
  readonly from?: CivilDate;
  readonly until: CivilDate;
}

/** A delegation that ends before its day. */
export interface EndDelegation {
  readonly delegation: Id;
}

/** Who stands in for somebody in a role while they are away. */
export interface NameDeputy {
  readonly role: Role;
  readonly deputy: Id;
}

/** The first and the last day on which somebody is away. */
export interface RecordAbsence {
  readonly from: CivilDate;
  readonly until: CivilDate;
}

/** Offices: what somebody holds by a post. Whoever is named for an audit, a case or a decision is named in person. */
const offices: readonly Role[] = [
  ...(['top-management', 'aims-manager', 'process-owner', 'ai-system-owner'] as const),
  ...(['programme-manager', 'scheme-administrator', 'signatory'] as const),
];

const invalid = (message: string, wouldNeed: string): Objection =>
  refusal('delegation-invalid', ['SOD-15'], message, { wouldNeed });

/** Nobody hands on what is held in person. (SOD-15, SOD-9) */
export const notByProxy = (role: Role): Objection =>
  offices.includes(role)
    ? undefined
    : invalid(`The role ${role} is held in person.`, 'somebody else to be named for the audit or the case');

/** Who stands in is a colleague, another human, and not on the way out. (SOD-12, SOD-15) */
export function colleague(
  to: Id,
  role: Role,
  whose: Pick<Actor, 'id' | 'human' | 'organisation'>,
  context: Context,
) {
  const other = context.things.filter(isPerson).find((one) => one.id === to);
  if (!other || other.organisation !== whose.organisation || other.stage === 'departed')
    return [invalid('Who stands in has an account in the same organisation.', 'a colleague')];
  if (other.id === whose.id || other.human === whose.human)
    return [invalid('Nobody stands in for themselves.', 'another person')];
  return [administratorApart([role, ...heldOn(other, context.today)], other.mode)];
}

const itself = ({ id }: Person, { actor }: Context): Objection =>
  actor.id === id
    ? undefined
    : refusal(
        'not-permitted',
        ['SUP-0'],
        'People do this for themselves, and nobody does it in their place.',
        {
          wouldNeed: 'the person',
        },
      );

/** From a day until a day, and not in the past. */
function period({ from, until }: { readonly from: CivilDate; readonly until: CivilDate }, today: CivilDate) {
  return from <= until && today <= until
    ? undefined
    : invalid(
        `From ${from} until ${until} is no time that lies ahead.`,
        'an end that is not over, nor before its beginning',
      );
}

const covers = (grant: Grant, { role, programme, until }: Delegate, from: CivilDate): boolean =>
  grant.role === role &&
  (grant.programme === undefined || grant.programme === programme) &&
  grant.from <= from &&
  (grant.until === undefined || until <= grant.until);

/** Only what is one's own for all of the time, so that nothing is handed on twice. (SOD-15) */
function ownRole(what: Delegate, { grants }: Person, { today }: Context): Objection {
  const covering = grants.filter((grant) => covers(grant, what, what.from ?? today));
  if (covering.some((grant) => grant.for === undefined)) return undefined;
  return covering.length > 0
    ? invalid('What you hold for somebody else you do not hand on.', 'whoever holds the role to choose')
    : invalid(
        `You do not hold the role ${what.role} for all of this time.`,
        'a shorter time, or another role',
      );
}

/** Hands a role to a colleague until a day; both stand on what the colleague does with it. (SOD-15) */
export const delegate: CommandRule<Person, Delegate> = {
  does: 'Hand a role to a colleague, until a day.',
  who: offices,
  from: ['active'],
  to: [],
  person: true,
  rules: ['SOD-15', 'SOD-12', 'SUP-0'],
  refuses: ['delegation-invalid', 'not-permitted', 'separation-of-duties'],
  people: ({ to }) => [to],
  may: (state, context) => [itself(state, context)],
  guard: (what, state, context) => [
    notByProxy(what.role),
    period({ from: what.from ?? context.today, until: what.until }, context.today),
    ownRole(what, state, context),
    ...colleague(what.to, what.role, state, context),
  ],
  record: ({ to, from, ...what }, state, { today, newId }) =>
    handed(state, to, { ...what, from: from ?? today, delegation: newId('dgt', 0) }),
};

const unknown = ({ delegation }: EndDelegation, person: Person, { today }: Context): Objection =>
  person.lent.some((lent) => lent.delegation === delegation && today <= lent.until)
    ? undefined
    : refusal('wrong-state', ['SOD-15'], 'No such delegation is in force.', { wouldNeed: 'one that is' });

/** Takes a role back. (SOD-15) */
export const endDelegation: CommandRule<Person, EndDelegation> = {
  does: 'Take back a role that was handed to a colleague.',
  who: [...offices, 'system-administrator'],
  from: ['active'],
  to: [],
  rules: ['SOD-15', 'SUP-0'],
  refuses: ['wrong-state', 'not-permitted'],
  people: ({ delegation }, person) =>
    person.lent.filter((lent) => lent.delegation === delegation).map(({ to }) => to),
  may: (state, context) => [
    owners.some((role) => role === context.role) ? undefined : itself(state, context),
  ],
  guard: (input, state, context) => [unknown(input, state, context)],
  record: ({ delegation }, state, { today }) =>
    endings(state, (lent) => lent.delegation === delegation, dayBefore(today)),
};

/** Names who stands in. Whoever names a deputy is not the deputy. (SUP-0, SOD-15) */
export const nameDeputy: CommandRule<Person, NameDeputy> = {
  does: 'Name who stands in for the person in a role.',
  who: owners,
  from: ['invited', 'active'],
  to: [],
  rules: ['SOD-15', 'SOD-12', 'SUP-0'],
  refuses: ['delegation-invalid', 'four-eyes-required', 'separation-of-duties'],
  people: ({ deputy }) => [deputy],
  guard: ({ role, deputy }, state, context) => [
    notByProxy(role),
    notOneself([deputy], context, 'Nobody makes themselves the deputy of somebody.'),
    ...colleague(deputy, role, state, context),
  ],
  record: ({ role, deputy }, { id }) => [personFact('deputy.named', id, { role, deputy })],
};

/** Whoever would gain by it does not say so. (SUP-0) */
const notOneself = (deputies: readonly Id[], { actor, things }: Context, message: string): Objection =>
  things
    .filter(isPerson)
    .some(({ id, human }) => deputies.includes(id) && (id === actor.id || human === actor.human))
    ? refusal('four-eyes-required', ['SUP-0', 'SOD-15'], message, { whoCould: owners })
    : undefined;

/** Somebody is away: the deputies named for their roles stand in. (SOD-15) */
export const recordAbsence: CommandRule<Person, RecordAbsence> = {
  does: 'Record that the person is away; the deputies stand in.',
  who: everyRole,
  from: ['active'],
  to: [],
  rules: ['SOD-15', 'SUP-0'],
  refuses: ['delegation-invalid', 'not-permitted', 'four-eyes-required'],
  people: (_, { deputies }) => deputies.map(({ deputy }) => deputy),
  may: (state, context) => [
    owners.some((role) => role === context.role) ? undefined : itself(state, context),
  ],
  guard: (absence, { deputies }, context) => [
    period(absence, context.today),
    notOneself(
      deputies.map(({ deputy }) => deputy),
      context,
      'Whoever stands in for somebody does not say that they are away.',
    ),
  ],
  record: ({ from, until }, state, { newId }) => {
    const absence = newId('abs', 0);
    const covered = state.deputies.flatMap(({ role, deputy }) =>
      rolesCovered(state, role, { from, until }).map((grant) => ({ grant, deputy })),
    );
    return [
      personFact('absence.recorded', state.id, { absence, from, until }),
      ...covered.flatMap(({ grant, deputy }, ordinal) =>
        handed(state, deputy, { ...grant, absence, delegation: newId('dgt', ordinal) }),
      ),
    ];
  },
};

/** The part of each of one's own grants of a role that falls into the time of an absence. */
function rolesCovered({ grants }: Person, role: Role, { from, until }: RecordAbsence) {
  return grants
    .filter((grant) => grant.role === role && grant.for === undefined)
    .map((grant) => ({
      role,
      ...(grant.programme === undefined ? {} : { programme: grant.programme }),
      from: grant.from > from ? grant.from : from,
      until: grant.until !== undefined && grant.until < until ? grant.until : until,
    }))
    .filter((grant) => grant.from <= grant.until);
}

/** Back before the day that was said; the deputies act no longer. (SOD-15) */
export const endAbsence: CommandRule<Person> = {
  does: 'Record that the person is back.',
  who: everyRole,
  from: ['active'],
  to: [],
  rules: ['SOD-15', 'SUP-0'],
  refuses: ['wrong-state', 'not-permitted'],
  people: (_, person) => person.lent.filter(({ absence }) => absence !== undefined).map(({ to }) => to),
  may: (state, context) => [
    owners.some((role) => role === context.role) ? undefined : itself(state, context),
    away(state, context),
  ],
  record: (_, state, { today }) => {
    const over = state.absences.filter(({ until }) => today <= until);
    const until = dayBefore(today);
    return [
      ...over.map(({ absence }) => personFact('absence.ended', state.id, { absence, until })),
      ...endings(state, (lent) => over.some(({ absence }) => absence === lent.absence), until),
    ];
  },
};

const away = ({ absences }: Person, { today }: Context): Objection =>
  absences.some(({ until }) => today <= until)
    ? undefined
    : refusal('wrong-state', ['SOD-15'], 'No absence is recorded that is not over.', {
        wouldNeed: 'one that is not',
      });

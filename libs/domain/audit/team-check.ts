import { clientRoles, type Id } from '../actor.js';
import { competenceMachine, isCompetent, type CompetenceFunction } from '../competence/competence.js';
import type { CivilDate } from '../instant.js';
import type { Context, Objection, Thing } from '../machine.js';
import { humanOf, isPerson } from '../person/facts.js';
import { conflictWith } from '../person/interests.js';
import { partiesOf } from '../programme/parties.js';
import { refusal, type Refusal } from '../refusal.js';
import { auditorsOf, type Member } from './life.js';

/** The areas that an audit team of an AI management system covers as a whole, besides a sector. (R-TEAM-1, R-CMP-1) */
export const teamAreas = ['aims', 'ai-technology'] as const;

/** The client roles whose holders are read, so that one human on both sides is seen. (SOD-10) */
export const clientHolders = (): typeof clientRoles => clientRoles;

/** Everything that stands against a team: its shape, its competence, and each member's ties to the client. */
export function objectionsToTeam(
  members: readonly Member[],
  client: Id | undefined,
  context: Context,
): Objection[] {
  return [
    shape(members),
    ...members.map((member) => underAnAuditor(member, members)),
    ...notCompetent(members, context.things, context.effectiveOn),
    ...members.map(({ person }) => tied(person, client, context)),
    ...members.map(({ person }) => onBothSides(person, client, context.things)),
  ];
}

function shape(members: readonly Member[]): Objection {
  const leads = members.filter((member) => member.function === 'lead').length;
  const twice = new Set(members.map(({ person }) => person)).size < members.length;
  if (leads === 1 && !twice) return undefined;
  return refusal(
    'competence-missing',
    ['R-TEAM-1'],
    'A team has one leader, and each person is in it once.',
    {
      missing: leads === 1 ? ['one function for each person'] : ['lead'],
    },
  );
}

function underAnAuditor(member: Member, members: readonly Member[]): Objection {
  if (member.function !== 'technicalExpert') return undefined;
  const guide = auditorsOf(members).find(({ person }) => person === member.under);
  return guide && guide.person !== member.person
    ? undefined
    : refusal(
        'expert-without-auditor',
        ['R-TEAM-1', 'SOD-9'],
        'A technical expert works under an auditor of the team.',
        {
          missing: [member.person],
        },
      );
}

/** The function for which a member must be found competent. */
const qualification = (member: Member): CompetenceFunction =>
  member.function === 'technicalExpert' ? 'technicalExpert' : 'audit';

const coversSector = (member: Member, things: readonly Thing[], on: CivilDate): boolean =>
  things
    .filter(competenceMachine.is)
    .filter(({ about }) => about === member.person)
    .flatMap(({ areas }) => areas)
    .some(
      (area) =>
        area.startsWith('sector') &&
        isCompetent(things, member.person, { of: qualification(member), area, on }),
    );

/** What the people do not cover: each one the own function, and the auditors and experts together every area. (R-CMP-1) */
export function notCompetent(
  members: readonly Member[],
  things: readonly Thing[],
  on: CivilDate,
): Objection[] {
  const covers = (member: Member, area?: string): boolean =>
    isCompetent(things, member.person, {
      of: qualification(member),
      on,
      ...(area === undefined ? {} : { area }),
    });
  const unfit = members.filter((member) => !covers(member)).map(({ person }) => person);
  const uncovered = [
    ...teamAreas.filter((area) => !members.some((member) => covers(member, area))),
    ...(members.some((member) => coversSector(member, things, on)) ? [] : ['sector']),
  ];
  const rules = ['R-CMP-1', 'R-TEAM-1'] as const;
  return [
    unfit.length > 0
      ? refusal('competence-missing', rules, 'A member is not qualified for the function, or no longer.', {
          missing: unfit,
        })
      : undefined,
    uncovered.length > 0
      ? refusal('competence-missing', rules, 'The team as a whole does not cover every area.', {
          missing: uncovered,
        })
      : undefined,
  ];
}

const tied = (
  person: Id,
  client: Id | undefined,
  { things, effectiveOn, policy }: Context,
): Refusal | undefined =>
  client === undefined ? undefined : conflictWith(things, { person, client, on: effectiveOn }, policy);

function onBothSides(person: Id, client: Id | undefined, things: readonly Thing[]): Objection {
  const human = humanOf(person, things);
  const other = things
    .filter(isPerson)
    .find((account) => account.organisation === client && (account.id === person || account.human === human));
  return other
    ? refusal(
        'separation-of-duties',
        ['SOD-10'],
        'This person has an account at the client; nobody acts on both sides.',
        {
          because: [{ thing: other.id, act: 'person.joined' }],
        },
      )
    : undefined;
}

/** The client of the programme to which an audit belongs. */
export const clientOf = (programme: Id | undefined, { things, under }: Context): Id | undefined =>
  partiesOf([...things, ...(under ? [under] : [])], programme)?.client;

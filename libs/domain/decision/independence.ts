import { isSameHuman, rolesOn, type Actor, type Id, type Role } from '../actor.js';
import { isCompetent } from '../competence/competence.js';
import type { CivilDate } from '../instant.js';
import type { Context, Objection, Thing } from '../machine.js';
import { isAudited, wasInTeam } from '../nonconformity/audited.js';
import { isPerson } from '../person/facts.js';
import { conflictWith } from '../person/interests.js';
import { actorOfPerson } from '../person/person.js';
import { partiesOf } from '../programme/parties.js';
import { refusal, type Refusal } from '../refusal.js';
import type { Dossier } from './dossier.js';

/** Whoever is to decide, or decides. */
interface Maker {
  readonly id: Id;
  readonly human: Id;
  readonly roles: readonly Role[];
}

/** The actor as decision maker. */
export const actingMaker = (actor: Actor, on: CivilDate, programme: Id | undefined): Maker => ({
  id: actor.id,
  human: actor.human,
  roles: rolesOn(actor, on, programme),
});

/** Somebody who is to be named as decision maker of a programme, as far as the account was read. */
export function namedMaker(id: Id, programme: Id | undefined, context: Context): Maker | undefined {
  const account = context.things.filter(isPerson).find((one) => one.id === id);
  return account && actingMaker(actorOfPerson(account, []), context.effectiveOn, programme);
}

/** SOD-1: the decision maker was never in the team of an audit that the decision rests on; SOD-2 says it of maintaining. */
function audited(maker: Maker, { audits, proposes }: Dossier, things: readonly Thing[]): Objection {
  const against = things
    .filter(isAudited)
    .filter(({ id }) => audits.includes(id))
    .filter((audit) => wasInTeam(audit, maker));
  if (against.length === 0) return undefined;
  const rules =
    proposes === 'maintain' ? (['SOD-2', 'SOD-1', 'R-DEC-1'] as const) : (['SOD-1', 'R-DEC-1'] as const);
  return refusal('separation-of-duties', rules, 'Nobody decides on an audit in whose team they were.', {
    whoCould: ['decision-maker'],
    because: against.map(({ id }) => ({ thing: id, act: 'team.proposed' })),
  });
}

/** SOD-11: whoever signs contracts for the body has no part in its decisions. */
const commercial = ({ roles }: Maker): Objection =>
  roles.includes('signatory')
    ? refusal(
        'separation-of-duties',
        ['SOD-11'],
        'Whoever signs contracts for the body has no part in its decisions.',
        {
          whoCould: ['decision-maker'],
        },
      )
    : undefined;

/** Everything that stands against somebody as decision maker; asked at assignment and again at each act. (R-GEN-1, R-CMP-1) */
export function notIndependent(maker: Maker, dossier: Dossier, context: Context): Objection[] {
  const { things, policy, effectiveOn: on } = context;
  const client = partiesOf(things, dossier.programme)?.client;
  return [
    audited(maker, dossier, things),
    commercial(maker),
    client === undefined ? undefined : conflictWith(things, { person: maker.id, client, on }, policy),
    isCompetent(things, maker.id, { of: 'decision', on })
      ? undefined
      : refusal('competence-missing', ['R-CMP-1'], 'Competence for the decision is missing, or has ended.', {
          wouldNeed: 'a qualification for the function decision',
        }),
  ];
}

/** Stands against whoever has not declared to be free of conflicts. (R-IMP-4) */
export const notDeclared: Refusal = refusal(
  'conflict-declaration-missing',
  ['R-IMP-4'],
  'Declare first that you are free of conflicts in this matter.',
);

/** Each member of a committee declares for this review to be free of conflicts: whoever began it did so, the others with their vote. (R-IMP-4) */
export const undeclared = (
  { makers, declared = [] }: Dossier,
  { actor }: Context,
  declares?: boolean,
): Objection =>
  declares === true ||
  (declares === undefined && (makers.length < 2 || declared.some((human) => isSameHuman(actor, human))))
    ? undefined
    : notDeclared;

/** Only those who were named decide, and each of them is independent now as then. */
export function notAMaker(dossier: Dossier, context: Context): Objection[] {
  const { actor, effectiveOn } = context;
  const named = dossier.makers.some((id) => isSameHuman(actor, id));
  return [
    named
      ? undefined
      : refusal('not-permitted', ['R-DEC-1'], 'You are not named as decision maker of this dossier.', {
          whoCould: ['decision-maker'],
        }),
    ...notIndependent(actingMaker(actor, effectiveOn, dossier.programme), dossier, context),
  ];
}

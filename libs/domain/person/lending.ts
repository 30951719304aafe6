import type { Grant, Id } from '../actor.js';
import type { CivilDate } from '../instant.js';
import type { Event } from '../machine.js';
import { personFact, type Lent, type Person } from './facts.js';

/** The two facts of a delegation: one in the life of each of the two. */
export function handed({ id, human }: Person, to: Id, lent: Omit<Lent, 'to'>): readonly Event[] {
  const { delegation, role, programme, from, until } = lent;
  const grant: Grant = {
    ...{ role, from, until },
    ...(programme === undefined ? {} : { programme }),
    for: { account: id, human, delegation },
  };
  return [personFact('delegation.given', id, { ...lent, to }), personFact('delegation.received', to, grant)];
}

/** The facts by which delegations end: they held until the day before. */
export const endings = (person: Person, which: (lent: Lent) => boolean, until: CivilDate): readonly Event[] =>
  person.lent
    .filter((lent) => which(lent) && until < lent.until)
    .flatMap(({ delegation, to }) =>
      [person.id, to].map((id) => personFact('delegation.ended', id, { delegation, until })),
    );

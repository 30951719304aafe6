import pg, { type ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { inTransaction } from '../transaction.js';

/** Begins a transaction in which the rows of one organisation are to be seen, and those that it shares. */
export const asOrganisation = (organisation: Id, access = ''): string =>
  `begin ${access}; select set_config('app.organisation', ${pg.escapeLiteral(organisation)}, true)`;

/** Reads on behalf of an organisation: one snapshot, and nothing can be written. */
export async function viewAs<T>(
  source: DataSource,
  organisation: Id,
  look: (client: ClientBase) => Promise<T>,
): Promise<T> {
  return inTransaction(
    source,
    asOrganisation(organisation, 'isolation level repeatable read read only'),
    look,
  );
}

/** The same on behalf of one person, who also sees what is theirs alone. */
export async function viewAsPerson<T>(
  source: DataSource,
  { organisation, person }: { readonly organisation: Id; readonly person: Id },
  look: (client: ClientBase) => Promise<T>,
): Promise<T> {
  return inTransaction(
    source,
    `${asOrganisation(organisation, 'isolation level repeatable read read only')}; ${asPerson(person)}`,
    look,
  );
}

/** Names the person on whose behalf the rest of a transaction is. */
export const asPerson = (person: Id): string =>
  `select set_config('app.person', ${pg.escapeLiteral(person)}, true)`;

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

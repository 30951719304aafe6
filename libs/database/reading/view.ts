import pg, { type ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { inTransaction } from '../transaction.js';

/** Who looks: somebody of an organisation, a person or a key. */
export interface Viewer {
  readonly organisation: Id;
  readonly principal: Id;
}

const setting = (name: string, value: string): string => `set_config('app.${name}', ${value}, true)`;
const [literal, begun] = [pg.escapeLiteral, (access: string): string => `begin ${access}; select`];

/** Begins a transaction on behalf of an organisation and nobody of it: what belongs to no programme is seen. */
export const asOrganisation = (organisation: Id, access = ''): string =>
  `${begun(access)} ${setting('organisation', literal(organisation))}`;

/** Begins a transaction on behalf of somebody: of their organisation and of what it shares they see as far as their roles reach. */
export const asViewer = ({ organisation, principal }: Viewer, access = ''): string =>
  [
    asOrganisation(organisation, access),
    setting('person', literal(principal)),
    setting('reach', `perennial.reach_of(${literal(principal)})::text`),
  ].join(', ');

type Look<T> = (client: ClientBase) => Promise<T>;

const SNAPSHOT = 'isolation level repeatable read read only';

/** Reads on behalf of somebody: one snapshot, and nothing can be written. */
export const viewAs = <T>(source: DataSource, viewer: Viewer, look: Look<T>): Promise<T> =>
  inTransaction(source, asViewer(viewer, SNAPSHOT), look);

/** The same on behalf of an organisation: what belongs to no programme, and all of the sandboxes that it keeps. */
export const viewAsOrganisation = <T>(source: DataSource, organisation: Id, look: Look<T>): Promise<T> =>
  inTransaction(source, asOrganisation(organisation, SNAPSHOT), look);

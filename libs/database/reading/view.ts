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

/** Begins a transaction on behalf of an organisation and nobody of it: what belongs to no programme is seen. */
export const asOrganisation = (organisation: Id, access = ''): string =>
  `begin ${access}; select ${setting('organisation', pg.escapeLiteral(organisation))}`;

/** Begins a transaction on behalf of somebody: of their organisation and of what it shares they see as far as their roles reach. */
export const asViewer = ({ organisation, principal }: Viewer, access = ''): string =>
  [
    asOrganisation(organisation, access),
    setting('person', pg.escapeLiteral(principal)),
    setting('reach', `perennial.reach_of(${pg.escapeLiteral(principal)})::text`),
  ].join(', ');

type Look<T> = (client: ClientBase) => Promise<T>;

const SNAPSHOT = 'isolation level repeatable read read only';

/** Reads on behalf of somebody: one snapshot, and nothing can be written. */
export const viewAs = <T>(source: DataSource, viewer: Viewer, look: Look<T>): Promise<T> =>
  inTransaction(source, asViewer(viewer, SNAPSHOT), look);

/** The same with statements that are planned once, whoever asks for whatever: to plan an inbox costs more than to read it. */
export const viewPlanned = <T>(source: DataSource, viewer: Viewer, look: Look<T>): Promise<T> =>
  inTransaction(
    source,
    `${asViewer(viewer, SNAPSHOT)}, set_config('plan_cache_mode', 'force_generic_plan', true)`,
    look,
  );

/** The same on behalf of an organisation: what belongs to no programme, and all of the sandboxes that it keeps. */
export const viewAsOrganisation = <T>(source: DataSource, organisation: Id, look: Look<T>): Promise<T> =>
  inTransaction(source, asOrganisation(organisation, SNAPSHOT), look);

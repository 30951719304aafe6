import type { ClientBase } from 'pg';
import type { Id } from '#domain/actor.js';

/** Whether this organisation is the one that runs the installation. */
export async function isInstallation(client: ClientBase, organisation: Id): Promise<boolean> {
  const text = 'select from perennial.installation where organisation = $1';
  return (await client.query(text, [organisation])).rows.length > 0;
}

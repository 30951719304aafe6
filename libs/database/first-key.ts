import type { ClientBase } from 'pg';
import { firstKeyMade } from '#domain/api-key/api-key.js';
import { addDays } from '#domain/calendar.js';
import { civilDate, instant } from '#domain/instant.js';
import { installationCreated } from '#domain/organisation/organisation.js';
import { record, type Recorded, type Stamp } from '#domain/record.js';
import { machineSource } from '#platform/ids.js';
import { CommandIds } from './command-ids.js';
import { rowsOf, type PrivateText } from './command-write.js';
import { newCredential } from './credentials.js';
import { openDatabase } from './data-source.js';
import { commitment } from './ledger/entry.js';
import { inTransaction } from './transaction.js';

const scopes = ['sandboxes:manage', 'watch'];
/** A key lives for a year at most. */
const LIFE_DAYS = 365;
const INSTANCE = 'perennial.localhost';

export interface FirstKey {
  readonly instance?: string;
  readonly name?: string;
  readonly zone?: string;
}

/**
 * Makes a key for whoever runs this installation: it manages organisations, people and sandboxes, and opens no programme. The
 * first call also makes the installation's own organisation; nobody could be asked for it. (SOD-12)
 */
export async function makeFirstKey(ownerUrl: string, options: FirstKey = {}): Promise<string> {
  const { instance = INSTANCE, name = 'First key', zone = 'Etc/UTC' } = options;
  const source = await openDatabase(ownerUrl, 'owner', 1);
  try {
    return await inTransaction(source, 'begin', async (client) => {
      await client.query('lock table perennial.installation in share row exclusive mode');
      const credential = newCredential('live', machineSource.random);
      await write(client, { instance, name, zone, hash: credential.hash, shown: credential.shown });
      return credential.text;
    });
  } finally {
    await source.destroy();
  }
}

interface Beginning {
  readonly instance: string;
  readonly name: string;
  readonly zone: string;
  readonly hash: string;
  readonly shown: string;
}

async function write(client: ClientBase, { instance, zone, ...facts }: Beginning): Promise<void> {
  const ids = new CommandIds({ key: '', seed: undefined, ...machineSource });
  const known = await client.query<{ organisation: string }>(
    'select organisation from perennial.installation',
  );
  const organisation = known.rows[0]?.organisation ?? ids.newId('org', 0);
  const at = instant(new Date(machineSource.now()).toISOString());
  const today = civilDate(at.slice(0, 10));
  const days = { madeOn: today, expiresOn: addDays(today, LIFE_DAYS) };
  const events = [
    ...(known.rows.length > 0 ? [] : [installationCreated(organisation, 'This installation', zone)]),
    firstKeyMade(ids.newId('key', 0), organisation, { ...facts, ...days, scopes }),
  ];
  const texts: PrivateText[] = [];
  const recorded = record(events, [], stamp(ids, at, texts));
  const log = {
    organisation,
    origin: `${instance}/log/${organisation}/1`,
    auth: 'first-key',
    entryIds: entryIds(recorded, ids),
  };
  await client.query('select perennial.write_command($1)', [
    JSON.stringify(rowsOf(recorded, [], texts, log)),
  ]);
  if (known.rows.length === 0)
    await client.query('insert into perennial.installation (organisation) values ($1)', [organisation]);
}

const entryIds = ({ facts }: Recorded, ids: CommandIds): string[] =>
  facts.map((_, ordinal) => ids.newId('ent', ordinal));

function stamp(ids: CommandIds, at: Stamp['at'], texts: PrivateText[]): Stamp {
  return {
    actor: { id: 'process', role: 'engine' },
    at,
    effectiveAt: at,
    command: ids.newId('cmd', 0),
    type: '',
    subject: '',
    commit: (content, ordinal, name) => {
      const salt = ids.salt(ordinal, name);
      const hidden = commitment(salt, content);
      texts.push({ commitment: hidden, name, ordinal, salt: Buffer.from(salt).toString('hex'), content });
      return hidden;
    },
  };
}

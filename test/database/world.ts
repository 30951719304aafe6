import { randomUUID } from 'node:crypto';
import pg, { type ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Role } from '#domain/actor.js';
import { Commands, type Answer, type CommandOptions, type Render } from '#database/commands.js';
import { Credentials } from '#database/credentials.js';
import { openDatabase } from '#database/data-source.js';
import type { Done } from '#database/decision.js';
import { makeFirstKey } from '#database/first-key.js';
import type { Asked, Caller } from '#database/issue.js';
import { Processes } from '#database/processes.js';
import { viewAs } from '#database/reading/view.js';
import { rebuildAndCompare } from '#database/rebuild.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';

/** Somebody who acts, by the id of account and organisation. */
export interface Somebody {
  readonly id: string;
  readonly organisation: string;
}

/** A database with a client, a body and a programme that joins them, and the ways in which it is used. */
export interface World {
  readonly database: TestDatabase;
  readonly app: DataSource;
  readonly engine: DataSource;
  readonly commands: Commands;
  readonly processes: Processes;
  readonly admin: Somebody;
  readonly client: string;
  readonly body: string;
  readonly programme: string;
  readonly iris: Somebody;
  readonly pia: Somebody;
  /** Behind the rows' security. */
  readonly look: <T extends object>(text: string, values?: unknown[]) => Promise<T[]>;
  readonly does: (who: Somebody, asked: Asked) => Promise<Done>;
  readonly person: (organisation: string, ...roles: Role[]) => Promise<Somebody>;
  readonly organisation: (side: 'client' | 'certificationBody') => Promise<string>;
}

const ends: (() => Promise<unknown>)[] = [];
const databases: TestDatabase[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  for (const { ownerUrl } of databases.splice(0)) {
    const differences = await rebuildAndCompare(ownerUrl);
    if (differences.length > 0)
      throw new Error(`[R9] the tables differ from the ledger: ${JSON.stringify(differences)}`);
  }
});

export async function world(options: Partial<CommandOptions> = {}, connections = 10): Promise<World> {
  const tools = await connect(options, connections);
  const { commands, look } = tools;
  const does = async (who: Somebody, asked: Asked): Promise<Done> =>
    done(await commands.execute(asked, by(who), render));
  const admin = await administrator(tools.database, tools.app);
  const organisation = async (side: 'client' | 'certificationBody'): Promise<string> => {
    const input = { name: `The ${side}`, side, mode: 'live', zone: 'Europe/Vienna', accredited: true };
    return (await does(admin, { type: 'createOrganisation', input })).thing.thing.id;
  };
  let people = 0;
  const person = async (under: string, ...roles: Role[]): Promise<Somebody> => {
    people += 1;
    const input = { name: 'Somebody', mail: `somebody-${String(people)}@example.org`, roles };
    const { thing } = (await does(admin, { type: 'invitePerson', under, input })).thing;
    const somebody = { id: thing.id, organisation: under };
    await does(somebody, { type: 'acceptInvitation', stream: thing.id, input: {} });
    return somebody;
  };
  const [client, body] = [await organisation('client'), await organisation('certificationBody')];
  const [iris, pia] = [await person(client, 'internal-auditor'), await person(body, 'programme-manager')];
  const opened = await does(pia, {
    type: 'openProgramme',
    input: { client, governingZone: 'Europe/Vienna' },
  });
  const programme = opened.thing.thing.id;
  return { ...tools, admin, client, body, programme, iris, pia, look, does, person, organisation };
}

async function connect(options: Partial<CommandOptions>, connections: number) {
  const database = await freshDatabase();
  databases.push(database);
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  ends.push(() => owner.end());
  const look = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await owner.query<T>(text, values)).rows;
  const app = await opening(openDatabase(database.appUrl, 'app', connections));
  const engine = await opening(openDatabase(database.appUrl, 'engine', connections));
  const processes = new Processes(engine, new Commands(engine, options));
  return { database, look, app, engine, processes, commands: new Commands(app, options) };
}

async function opening(source: Promise<DataSource>): Promise<DataSource> {
  const opened = await source;
  ends.push(() => opened.destroy());
  return opened;
}

async function administrator({ ownerUrl }: TestDatabase, app: DataSource): Promise<Somebody> {
  const holder = await new Credentials(app).find(await makeFirstKey(ownerUrl));
  if (!holder) throw new Error('the first key is not known');
  return { id: holder.principal, organisation: holder.organisation };
}

export function done(answer: Answer): Done {
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
  return answer.done;
}

/** Looks as somebody of an organisation, whose roles reach all of it; of one without people as nobody. */
export async function lookAs<T>(
  { app, look: behind }: World,
  organisation: string,
  look: (client: ClientBase) => Promise<T>,
): Promise<T> {
  const [somebody] = await behind<{ id: string }>(
    `select id from perennial.stream where organisation = $1 and kind in ('person', 'apiKey') limit 1`,
    [organisation],
  );
  return viewAs(app, { organisation, principal: somebody?.id ?? '' }, look);
}

/** A call by somebody with a key of its own, or with the one named. */
export const by = ({ id, organisation }: Somebody, more: Partial<Caller> = {}): Caller => ({
  ...{
    principal: id,
    organisation,
    auth: `aut_${id}`,
    key: randomUUID(),
    route: 'POST /try',
    fingerprint: 'f',
  },
  ...more,
});

/** The answer as the door would write it: the thing and the entries. */
export const render: Render = ({ thing, entries }) => ({
  status: 200,
  text: JSON.stringify({ stage: thing.thing.stage, version: thing.version, entries }),
});

export const draft = (under: string): Asked => ({
  type: 'draftFinding',
  under,
  input: { source: 'internalAudit' },
});

export const raise = (stream: string, more: Partial<Asked> = {}): Asked => ({
  type: 'raiseNonconformity',
  stream,
  input: {
    ...{ grade: 'minor', requirement: '8.4', statement: 'No impact assessment of the assistant was kept.' },
    ...{ objectiveEvidence: 'Register of 12 March, entry 4', gradeReason: 'One system of five' },
  },
  ...more,
});

/** A finding of the client's own that was raised, with its process. */
export async function raised({ does, iris, programme }: World): Promise<string> {
  const { id } = (await does(iris, draft(programme))).thing.thing;
  await does(iris, raise(id));
  return id;
}

/** Waits until so many sessions wait for a lock. */
export async function untilBlocked({ look }: World, many = 1): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    await look('select pg_stat_clear_snapshot()'); // a transaction sees one picture otherwise
    const waiting = await look(
      `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    if (waiting.length >= many) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('too few wait for a lock');
}

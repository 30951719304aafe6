import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Role } from '#domain/actor.js';
import { nothingYet, type Thing } from '#domain/machine.js';
import { Commands, type CommandOptions, type Render } from '#database/commands.js';
import { openDatabase } from '#database/data-source.js';
import type { Caller } from '#database/issue.js';
import { Processes } from '#database/processes.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';

export const [client, body] = ['org_client', 'org_body'] as const;

/** A database with two organisations and their programme, and the ways in which it is used. */
export interface World {
  readonly database: TestDatabase;
  readonly app: DataSource;
  readonly engine: DataSource;
  readonly commands: Commands;
  readonly processes: Processes;
  /** Behind the rows' security. */
  look<T extends object>(text: string, values?: unknown[]): Promise<T[]>;
  person(id: string, organisation: string, ...roles: Role[]): Promise<void>;
}

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of opened.splice(0).reverse()) await end();
});

export async function world(options: Partial<CommandOptions> = {}, connections = 10): Promise<World> {
  const database = await freshDatabase();
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  opened.push(() => owner.end());
  const app = await openDatabase(database.appUrl, 'app', connections);
  const engine = await openDatabase(database.appUrl, 'engine', connections);
  opened.push(
    () => app.destroy(),
    () => engine.destroy(),
  );
  const look = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await owner.query<T>(text, values)).rows;
  const made: World = {
    ...{ database, app, engine, look },
    commands: new Commands(app, options),
    processes: new Processes(engine, new Commands(engine, options)),
    person: (id, organisation, ...roles) => put(look, person(id, organisation, roles)),
  };
  await put(look, programme);
  await look(
    `insert into perennial.programme_party values ('prg_1', $1, 'client', now()), ('prg_1', $2, 'certificationBody', now())`,
    [client, body],
  );
  return made;
}

const programme = {
  ...{ ...nothingYet('prg_1'), kind: 'programme', stage: 'initial', organisation: client },
  ...{ client, certificationBody: body },
};

const person = (id: string, organisation: string, roles: Role[]): Thing => ({
  ...{ ...nothingYet(id), kind: 'person', stage: 'active', organisation, human: id },
  ...{ grants: roles.map((role) => ({ role, from: '2000-01-01' })) },
});

/** Puts a thing where it would stand if somebody had made it, for what is not tried here. */
async function put(look: World['look'], thing: Thing): Promise<void> {
  await look(
    `insert into perennial.stream values ($1, $2, $3, $4, null, $5, null, $6, 1, $7, now(), now())`,
    [
      thing.id,
      thing.kind,
      thing.organisation,
      thing.kind === 'programme' ? thing.id : null,
      'both',
      thing.stage,
      thing,
    ],
  );
}

/** A call by somebody with a key of its own, or with the one named. */
export const by = (principal: string, organisation: string = client, more: Partial<Caller> = {}): Caller => ({
  ...{
    principal,
    organisation,
    auth: `aut_${principal}`,
    key: randomUUID(),
    route: 'POST /try',
    fingerprint: 'f',
  },
  ...more,
});

/** The answer as the door would write it: the thing and the entries. */
export const render: Render = ({ thing, entries }) => ({
  status: 200,
  bytes: Buffer.from(JSON.stringify({ stage: thing.thing.stage, version: thing.version, entries })),
});

export const finding = {
  draft: (under = 'prg_1') => ({ type: 'draftFinding', under, input: { source: 'internalAudit' } }),
  raise: (stream: string) => ({
    type: 'raiseNonconformity',
    stream,
    input: {
      ...{ grade: 'minor', requirement: '8.4', statement: 'No impact assessment of the assistant was kept.' },
      ...{ objectiveEvidence: 'Register of 12 March, entry 4', gradeReason: 'One system of five' },
    },
  }),
};

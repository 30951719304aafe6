import { createHash } from 'node:crypto';
import pg from 'pg';
import { canonical } from '#database/ledger/canonical.js';
import { sqlstateOf } from '#database/sqlstate.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';

// Whoever could log in as the application and write past the rules would still not confirm, close or decide on their own work.

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly about?: string;
  readonly state: object;
}

/** Dana has two accounts; Ana is somebody else, and stands in for her at times. */
const people: readonly Row[] = [
  { id: 'per_dana', kind: 'person', state: { human: 'per_dana' } },
  { id: 'per_dana-2', kind: 'person', state: { human: 'per_dana' } },
  { id: 'per_ana', kind: 'person', state: { human: 'per_ana' } },
];
const danas = ['per_dana', 'per_dana-2'];

interface Case {
  readonly fact: string;
  readonly things: readonly Row[];
}

const one = (fact: string, state: object, more: Partial<Row> = {}): Case => ({
  fact,
  things: [{ id: 'it', kind: fact.split('.')[0] ?? '', state, ...more }],
});
const awaited = (more: object = { by: 'per_dana' }): Row => ({
  ...{ id: 'fnd_1', kind: 'nonconformity', state: { awaited: { command: 'submitPlan', ...more } } },
});
const confirming = {
  id: 'it',
  kind: 'task',
  about: 'fnd_1',
  state: { queue: 'aims-manager', asks: 'submitPlan' },
};

const cases: readonly Case[] = [
  { fact: 'task.done', things: [awaited(), confirming] },
  { fact: 'task.done', things: [awaited({ by: 'per_x', actingFor: 'per_dana' }), confirming] },
  one('role.granted', { human: 'per_dana' }, { kind: 'person' }),
  one('competence.qualified', {}, { about: 'per_dana' }),
  one('competence.requalified', {}, { about: 'per_dana-2' }),
  one('policy.approved', { draftedBy: 'per_dana' }),
  one('step.completed', { submittedBy: 'per_dana' }),
  one('nonconformity.plan-accepted', { planBy: ['per_x', 'per_dana'] }),
  one('nonconformity.closed', { workedBy: ['per_dana', 'per_x'] }),
  one('nonconformity.found-effective', { workedBy: ['per_dana'] }),
  {
    fact: 'decision.made',
    things: [
      { id: 'aud_1', kind: 'audit', state: { everInTeam: ['per_x', 'per_dana'] } },
      { id: 'it', kind: 'dossier', state: { audits: ['aud_1'] } },
    ],
  },
];

/** What PostgreSQL answers the application when it writes this fact without asking any rule. */
async function written(
  { fact, things }: Case,
  actor: string,
  more: object = {},
): Promise<string | undefined> {
  const client = new pg.Client(database.ownerUrl);
  await client.connect();
  try {
    await client.query('begin');
    for (const { id, kind, about, state } of [...people, ...things])
      await client.query(
        `insert into perennial.stream (id, kind, organisation, about, visibility, stage, version, state, created_at, updated_at)
         values ($1, $2, 'org_1', $3, 'both', 'some', 1, $4, now(), now())`,
        [id, kind, about ?? null, { kind, id, grants: [], ...state }],
      );
    await client.query('set local role perennial_app');
    const body = canonical({
      actor: { id: actor, ...more },
      data: {},
      ...('mirrored' in more ? { mirrored: {} } : {}),
    });
    const entry = {
      ...{
        organisation: 'org_1',
        log: 'log',
        stream: 'it',
        version: 2,
        command: 'cmd_1',
        ordinal: 0,
        type: fact,
      },
      ...{ actor, recorded_at: '2029-03-01T10:00:00Z', body },
      leaf: createHash('sha256')
        .update(Buffer.from([0]))
        .update(body)
        .digest('hex'),
    };
    await client.query('select perennial.write_command($1)', [{ entries: [entry] }]);
    return 'written';
  } catch (error) {
    return sqlstateOf(error);
  } finally {
    await client.end();
  }
}

test.each(cases.map((one): [string, Case] => [one.fact, one]))(
  '[S4] past the API, whoever did the work does not write %s, nor does a colleague for them; somebody else does',
  async (_, tried) => {
    for (const dana of danas) expect(await written(tried, dana)).toBe('23514');
    expect(await written(tried, 'per_ana', { for: 'per_dana' })).toBe('23514');
    expect(await written(tried, 'per_ana')).toBe('written');
  },
);

test('what a body elsewhere did is recorded by its client, whoever that is', async () => {
  const [, , , , , , , accepted] = cases;
  if (!accepted) throw new Error('there is no such case');
  expect(await written(accepted, 'per_dana', { mirrored: true })).toBe('written');
});

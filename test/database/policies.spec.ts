import { placeAll } from '../support/place-all.js';
import { raised, world, type World } from './world.js';

// Row-level security is the second wall. Each policy of it is taken away, and each is opened wide: either is seen.

interface Policy {
  readonly table: string;
  readonly policy: string;
}

/** Something in every table. */
async function furnished(): Promise<World> {
  const w = await world();
  const process = `corrective-action/${await raised(w)}`;
  const input = { queue: 'process-owner', asks: 'submitPlan' };
  const order = { command: 'openTask', makes: { kind: 'task', prefix: 'tsk' }, input };
  await w.processes.take(process, { key: `${process}/raised#1/ask`, order }, 0);
  const reminder = {
    obligation: 'plan',
    due: '2030-01-31',
    rungs: ['on-the-day'],
    to: ['internal-auditor'],
    late: false,
  };
  const notice = { command: 'sendNotice', makes: { kind: 'notice', prefix: 'ntc' }, input: reminder };
  await w.processes.take(process, { key: `${process}/raised#1/remind`, order: notice }, 0);
  const { last } = await w.processes.read(process, 0);
  await w.processes.park(process, [{ label: 'a plan' }], last);
  await placeAll(w.engine);
  await w.look(`
    insert into perennial.evidence_content values ('${w.client}', repeat('a', 64), 1, 'text/plain', 'a');
    insert into perennial.sandbox values ('sbx_1', 'one', '${w.client}', 'Etc/UTC', now(), 'seed');
    insert into perennial.sandbox_member values ('org_of_sandbox', 'sbx_1');
    insert into perennial.operation (id, kind, organisation, status, input) values ('op_1', 'watch', '${w.client}', 'queued', '{}');
    select perennial.add_credential(repeat('c', 64), '${w.iris.id}', '${w.client}', now() + interval '1 day');
    insert into perennial.key_use select id, now() from perennial.stream where kind = 'apiKey' on conflict do nothing;
    select perennial.try_knock('ines@aurora.example', '203.0.113.1', 10, 50);
    insert into perennial.password values ('${w.iris.id}', repeat('d', 64), '$argon2id$');
    insert into perennial.identity values ('idn_1', 'https://id.example', 'iris', '${w.iris.id}', repeat('d', 64));
    select perennial.begin_flow(repeat('a', 64), repeat('b', 64), 'example', 'a', 'b', 'c');
    select perennial.keep_proof(repeat('a', 64), 'c', 'https://id.example', 'iris');
    insert into perennial.trace values ('${w.client}', 'cmd_1', '00-${'1'.repeat(32)}-${'1'.repeat(16)}-01');
    insert into perennial.heartbeat values ('processes', now());
    insert into perennial.outage values ('out_1', now(), now(), now());
    insert into perennial.outage_item select 'out_1', 'late', id, 'plan' from perennial.stream where kind = 'nonconformity';
    insert into perennial.webhook_delivery (id, endpoint, organisation, entry, place, type, subject)
      values ('dlv_1', 'whk_1', '${w.client}', 'ent_1', 1, 'person.changed', 'per_1');
    insert into perennial.webhook_cursor (endpoint, organisation, place) values ('whk_1', '${w.client}', 0);
    select perennial.keep_webhook_secret('whs_1', 'v1', 'a');
    insert into perennial.calendar_feed values ('cal_1', repeat('e', 64), '${w.client}', '${w.iris.id}', 'me', false, '{}');
    insert into perennial.notice_copy (notice, person, way, due_at) values ('ntc_1', 'per_1', 'later', now());
    insert into perennial.watch values ('wch_1', 'asked', now(), now(), '{}', '[]')`);
  return w;
}

const policiesOf = (w: World, where: string): Promise<Policy[]> =>
  w.look<Policy>(
    `select c.relname as table, p.polname as policy from pg_policy p join pg_class c on c.oid = p.polrelid
     where c.relnamespace = 'perennial'::regnamespace and ${where} order by 1, 2`,
  );

/** What a role sees of a table for an organisation, after a change that is undone at once. */
async function seen(
  w: World,
  {
    table,
    role,
    organisation,
    person = '',
    change = '',
  }: { table: string; role: string; organisation: string; person?: string; change?: string },
): Promise<number> {
  await w.look(`begin; ${change}; set local role perennial_${role}`);
  await w.look(
    `select set_config('app.organisation', $1, true), set_config('app.person', $2, true), set_config('app.reach', '{*}', true)`,
    [organisation, person],
  );
  const [row] = await w.look<{ count: number }>(`select count(*)::integer as count from perennial.${table}`);
  await w.look('rollback');
  return row?.count ?? 0;
}

/** The watch is for those who run the installation, and so is its first key; everything else here is the client's. */
const viewerOf = (w: World, table: string): string =>
  ['watch', 'key_use'].includes(table) ? w.admin.organisation : w.client;

test('[S3] every policy is needed: without it, its role sees nothing of its table', async () => {
  const w = await furnished();
  const readable = await policiesOf(
    w,
    `has_table_privilege('perennial_' || substr(p.polname, 4), c.oid, 'select')`,
  );
  expect(readable.length).toBeGreaterThan(60);
  const needless: string[] = [];
  for (const { table, policy } of readable) {
    const place = {
      table,
      role: policy.replace('of_', ''),
      organisation: viewerOf(w, table),
      person: w.iris.id,
    };
    const change = `drop policy ${policy} on perennial.${table}`;
    const [before, after] = [await seen(w, place), await seen(w, { ...place, change })];
    if (before === 0 || after > 0)
      needless.push(`${policy} on ${table}: ${String(before)}, then ${String(after)}`);
  }
  expect(needless).toEqual([]);
}, 60_000);

/** Of these everybody may know: whose the installation is, and when processes stood still. */
const forEverybody = ['installation', 'outage'];

test('[S3] no policy of the app is wider than it must be: a stranger sees less than all', async () => {
  const w = await furnished();
  const stranger = await w.organisation('client');
  const narrow = (await policiesOf(w, `p.polname = 'of_app'`)).filter(
    ({ table }) => !forEverybody.includes(table),
  );
  expect(narrow.length).toBeGreaterThan(15);
  const open: string[] = [];
  for (const { table } of narrow) {
    const place = { table, role: 'app', organisation: stranger };
    const change = `alter policy of_app on perennial.${table} using (true)`;
    const [before, wide] = [await seen(w, place), await seen(w, { ...place, change })];
    if (before >= wide) open.push(`${table}: ${String(before)} of ${String(wide)}`);
  }
  expect(open).toEqual([]);
}, 60_000);

test("[S3] what is a person's own is hidden from everybody else, in the same organisation too", async () => {
  const w = await furnished();
  for (const table of ['calendar_feed', 'notice_reader']) {
    const place = { table, role: 'app', organisation: w.client };
    const colleague = await w.person(w.client, 'aims-manager');
    expect(await seen(w, { ...place, person: w.iris.id })).toBe(1);
    expect([await seen(w, place), await seen(w, { ...place, person: colleague.id })]).toEqual([0, 0]);
    expect(await seen(w, { ...place, organisation: w.admin.organisation, person: w.iris.id })).toBe(0);
  }
});

test('[S3] what the app writes itself, it writes for the organisation that it acts for and for no other', async () => {
  const w = await furnished();
  const stranger = await w.organisation('client');
  const writes: Readonly<Record<string, string>> = {
    calendar_feed: `insert into perennial.calendar_feed values ('cal_2', repeat('f', 64), '${w.client}', '${w.iris.id}', 'me', false, '{}')`,
    evidence_content: `insert into perennial.evidence_content values ('${w.client}', repeat('b', 64), 1, 'text/plain', 'b')`,
    sandbox: `insert into perennial.sandbox values ('sbx_2', 'two', '${w.client}', 'Etc/UTC', now(), 'seed')`,
    sandbox_member: `insert into perennial.sandbox_member values ('org_other', 'sbx_1')`,
    operation: `insert into perennial.operation (id, kind, organisation, status, input) values ('op_2', 'watch', '${w.client}', 'queued', '{}')`,
  };
  const writing = await policiesOf(w, `p.polname = 'of_app' and p.polcmd <> 'r'`);
  expect(writing.map(({ table }) => table)).toEqual(Object.keys(writes).toSorted());
  for (const [table, statement] of Object.entries(writes)) {
    const tried = async (organisation: string): Promise<string> => {
      await w.look(`begin; set local role perennial_app`);
      await w.look(
        `select set_config('app.organisation', $1, true), set_config('app.person', $2, true), set_config('app.reach', '{*}', true)`,
        [organisation, w.iris.id],
      );
      const code = await w.look(statement).then(
        () => 'written',
        (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'no error'),
      );
      await w.look('rollback');
      return code;
    };
    expect([table, await tried(w.client), await tried(stranger)]).toEqual([table, 'written', '42501']);
  }
});

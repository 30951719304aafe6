import { viewAs } from '#database/reading/view.js';
import type { Role } from '#domain/actor.js';
import { placeAll } from '../support/place-all.js';
import { by, draft, lookAs, raise, raised, render, world, type Somebody, type World } from './world.js';

// How far roles reach, and what the database then shows: in every table, whatever a query asks for.

/** Somebody of the client who holds a role in one programme alone. */
async function narrow(w: World, programme: string, role: Role = 'internal-auditor'): Promise<Somebody> {
  const input = { name: 'Nina', mail: 'nina@example.org', roles: [] };
  const { thing } = (await w.does(w.admin, { type: 'invitePerson', under: w.client, input })).thing;
  await w.does(w.admin, { type: 'grantRole', stream: thing.id, version: 1, input: { role, programme } });
  return { id: thing.id, organisation: w.client };
}

async function another(w: World): Promise<string> {
  const input = { client: w.client, governingZone: 'Europe/Vienna' };
  return (await w.does(w.pia, { type: 'openProgramme', input })).thing.thing.id;
}

const reachOf = async (w: World, { id }: Pick<Somebody, 'id'>): Promise<string[]> =>
  (await w.look<{ reach: string[] }>('select perennial.reach_of($1) as reach', [id]))[0]?.reach ?? [];

/** The rows of every table that the app may read, as text. */
async function seenIn(
  w: World,
  look: <T>(work: Parameters<typeof lookAs<T>>[2]) => Promise<T>,
): Promise<string> {
  const tables = await w.look<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'perennial'
       and has_table_privilege('perennial_app', format('%I.%I', schemaname, tablename), 'select') order by 1`,
  );
  const texts: string[] = [];
  for (const { name } of tables)
    texts.push(
      ...(
        await look(
          async (client) =>
            (await client.query<{ row: string }>(`select t::text as row from ${name} t`)).rows,
        )
      ).map(({ row }) => `${name} ${row}`),
    );
  return texts.join('\n');
}

test('[S3] in no table is there anything of a programme in which somebody holds no role', async () => {
  const w = await world();
  const second = await another(w);
  const theirs = await raised(w);
  const nina = await narrow(w, second);
  const own = (await w.does(nina, draft(second))).thing.thing.id;
  await placeAll(w.engine);
  const hidden = await w.look<{ id: string }>('select id from perennial.stream where programme = $1', [
    w.programme,
  ]);
  expect(hidden.map(({ id }) => id)).toContain(theirs);
  const seen = await seenIn(w, (work) => viewAs(w.app, { organisation: w.client, principal: nina.id }, work));
  expect(hidden.filter(({ id }) => seen.includes(id))).toEqual([]);
  expect([seen.includes(own), seen.includes(second), seen.includes(w.iris.id)]).toEqual([true, true, true]);
  const whole = await seenIn(w, (work) => lookAs(w, w.client, work));
  expect([whole.includes(theirs), whole.includes(own)]).toEqual([true, true]);
});

test('[S3] a command on what is not seen is answered as one on what does not exist, and leaves nothing', async () => {
  const w = await world();
  const nina = await narrow(w, await another(w));
  const { id } = (await w.does(w.iris, draft(w.programme))).thing.thing;
  for (const stream of [id, 'fnd_7zzzzzzzzzzzzzzzzzzzzzzzzz'])
    expect(await w.commands.execute(raise(stream), by(nina), render)).toEqual({ kind: 'not-found' });
  expect(await w.commands.execute(draft(w.programme), by(nina), render)).toEqual({ kind: 'not-found' });
});

test('[S3] roles reach from their first day to their last one, in the zone of the organisation', async () => {
  const w = await world();
  const nina = await narrow(w, w.programme);
  const grants = (from: string, until: string) =>
    w.look(
      `update perennial.stream set state = state || jsonb_build_object('grants', jsonb_build_array(jsonb_build_object(
         'role', 'auditor', 'programme', $2::text, 'from', (${today} + $3::integer)::text, 'until', (${today} + $4::integer)::text)))
       where id = $1`,
      [nina.id, w.programme, from, until],
    );
  const today = `(clock_timestamp() at time zone 'Europe/Vienna')::date`;
  await w.look('begin');
  const reached: string[][] = [];
  for (const [from, until] of [
    ['-9', '-1'],
    ['-9', '0'],
    ['0', '0'],
    ['0', '9'],
    ['1', '9'],
  ] as const) {
    await grants(from, until);
    reached.push(await reachOf(w, nina));
  }
  await w.look('rollback');
  expect(reached).toEqual([[], [w.programme], [w.programme], [w.programme], []]);
});

test('[S3] whoever has a task in hand that a colleague handed to them sees its programme until it is over', async () => {
  const w = await world();
  const second = await another(w);
  const nina = await narrow(w, second);
  const input = { queue: 'internal-auditor', asks: 'raiseNonconformity' };
  const { id } = (await w.does(w.iris, draft(w.programme))).thing.thing;
  const taken = (holder: string, stage: string) =>
    w.look(
      `insert into perennial.stream (id, kind, organisation, programme, about, visibility, stage, version, state, created_at, updated_at)
       select 'tsk_' || right($1, 26), 'task', organisation, programme, id, 'owner', $3::text, 1, $4::jsonb || jsonb_build_object('claimant', $2::text),
         now(), now() from perennial.stream where id = $1
       on conflict (id) do update set stage = excluded.stage`,
      [id, holder, stage, JSON.stringify(input)],
    );
  await w.look('begin');
  await taken(nina.id, 'claimed');
  const inHand = await reachOf(w, nina);
  await taken(nina.id, 'done');
  const over = await reachOf(w, nina);
  await w.look('rollback');
  expect([inHand.toSorted(), over]).toEqual([[w.programme, second].toSorted(), [second]]);
});

test('[S3] a role without a programme reaches all, a key too; an administrator of the system and a stranger reach nothing', async () => {
  const w = await world();
  const input = { hash: 'a'.repeat(64), shown: 'pk_live_a', roles: ['observer'], scopes: ['read'] };
  const key = (await w.does(w.admin, { type: 'makeKey', under: w.client, input })).thing.thing;
  const sam = await w.person(w.client, 'system-administrator');
  expect([await reachOf(w, w.iris), await reachOf(w, key)]).toEqual([['*'], ['*']]);
  expect([await reachOf(w, w.admin), await reachOf(w, sam), await reachOf(w, { id: 'per_none' })]).toEqual([
    [],
    [],
    [],
  ]);
});

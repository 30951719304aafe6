import { Commands, type Answer } from '#database/commands.js';
import { processId } from '#domain/process/routing.js';
import { viewAs } from '#database/reading/view.js';
import { pause } from '#platform/pause.js';
import {
  by,
  done,
  draft,
  raise,
  raised,
  render,
  untilBlocked,
  world,
  type Somebody,
  type World,
} from './world.js';

const kindsOf = (answers: readonly Answer[]): string[] => answers.map(({ kind }) => kind).toSorted();

async function drafted(w: World): Promise<string> {
  return (await w.does(w.iris, draft(w.programme))).thing.thing.id;
}

test('[S8] fifty people press at once: one wins, the others learn that it has changed', async () => {
  const w = await world({}, 20);
  const id = await drafted(w);
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => w.commands.execute(raise(id, { version: 1 }), by(w.iris), render)),
  );
  expect(kindsOf(answers)).toEqual(['done', ...Array.from({ length: 49 }, () => 'refused')]);
  const codes = answers.flatMap((one) => (one.kind === 'refused' ? one.refused.map(({ code }) => code) : []));
  expect(new Set(codes)).toEqual(new Set(['wrong-state']));
});

test('things made at once get numbers without gaps, each its own', async () => {
  const w = await world({}, 20);
  const made = await Promise.all(Array.from({ length: 40 }, () => w.does(w.iris, draft(w.programme))));
  const numbers = made.map(({ thing }) => Number(thing.thing.number?.slice(-4))).toSorted((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 40 }, (_, place) => place + 1));
});

test('a command that looks across a programme and those that look at their own thing take turns', async () => {
  const w = await world({}, 20);
  const ids = await Promise.all(Array.from({ length: 12 }, () => drafted(w)));
  const work = ids.flatMap((id) => [
    w.commands.execute(raise(id), by(w.iris), render),
    w.commands.execute(draft(w.programme), by(w.iris), render),
  ]);
  expect(new Set(kindsOf(await Promise.all(work)))).toEqual(new Set(['done']));
});

test('people who change their organisation, themselves and each other at once wait for each other, and never crosswise', async () => {
  const w = await world({}, 20);
  const [ada, ben] = [
    await w.person(w.client, 'aims-manager', 'top-management'),
    await w.person(w.client, 'aims-manager', 'top-management'),
  ];
  const deadlocks = await deadlocksOf(w);
  const changes = [ada, ben].flatMap((one) => [
    [one, { type: 'changeOrganisation', stream: w.client, input: { name: 'The client' } }] as const,
    [one, { type: 'changePerson', stream: ada.id, input: { language: 'de' } }] as const,
    [one, { type: 'changePerson', stream: ben.id, input: { language: 'en' } }] as const,
  ]);
  const work = Array.from({ length: 40 }, () => changes).flat();
  const answers = await Promise.all(work.map(([one, asked]) => w.commands.execute(asked, by(one), render)));
  expect(new Set(kindsOf(answers))).toEqual(new Set(['done', 'refused']));
  expect(await deadlocksOf(w)).toBe(deadlocks);
}, 300_000);

test('what PostgreSQL broke off to keep things serial (40001) is decided again', async () => {
  const w = await world();
  await w.look(`
    create sequence perennial.tries;
    grant usage on sequence perennial.tries to perennial_owner;
    create function perennial.fail_twice() returns trigger language plpgsql as $$ begin
      if nextval('perennial.tries') <= 2 then raise exception 'once more' using errcode = '40001'; end if;
      return new;
    end $$;
    create trigger fail_twice before insert on perennial.ledger_entry for each row execute function perennial.fail_twice()`);
  const answer = await w.commands.execute(draft(w.programme), by(w.iris), render);
  expect(answer.kind).toBe('done');
  expect(await w.look('select last_value::integer as tries from perennial.tries')).toEqual([{ tries: 3 }]);
});

test('a command that was chosen to give way in a deadlock (40P01) is decided again', async () => {
  const w = await world();
  const id = await drafted(w);
  const before = await deadlocksOf(w);
  await w.look('begin');
  await w.look('select 1 from perennial.stream where id = $1 for update', [id]);
  const answer = w.commands.execute(raise(id), by(w.iris), render);
  await untilBlocked(w);
  await w.look('select 1 from perennial.stream where id = $1 for update', [w.programme]);
  await w.look('commit');
  expect((await answer).kind).toBe('done');
  expect(await deadlocksOf(w)).toBe(before + 1);
});

test('a connection that is killed between append and commit leaves nothing, and the same key then takes effect once', async () => {
  const w = await world();
  await w.look(`
    create function perennial.linger() returns trigger language plpgsql as $$ begin perform pg_sleep(20); return new; end $$;
    create trigger linger after insert on perennial.ledger_entry for each statement execute function perennial.linger()`);
  const caller = by(w.iris, { key: 'once' });
  const cut = w.commands.execute(draft(w.programme), caller, render);
  const outcome = cut.then(
    ({ kind }) => kind,
    () => 'cut off',
  );
  for (let killed = 0; killed === 0;) {
    const rows = await w.look(`select pg_terminate_backend(pid) from pg_stat_activity
      where wait_event = 'PgSleep' and datname = current_database()`);
    killed = rows.length;
  }
  expect(await outcome).toBe('cut off');
  await w.look('drop trigger linger on perennial.ledger_entry');
  expect(await w.look("select * from perennial.stream where kind = 'nonconformity'")).toEqual([]);
  expect(await w.look("select * from perennial.idempotency_record where key = 'once'")).toEqual([]);
  done(await w.commands.execute(draft(w.programme), caller, render));
  expect(await w.look("select id from perennial.stream where kind = 'nonconformity'")).toHaveLength(1);
});

/** How often PostgreSQL had to break a circle of those who wait. */
async function deadlocksOf({ look }: World): Promise<number> {
  await look('select pg_stat_force_next_flush(), pg_stat_clear_snapshot()');
  const [row] = await look<{ deadlocks: string }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  return Number(row?.deadlocks);
}

test('a step that asks for something waits for whoever is doing what was asked about the same thing', async () => {
  const w = await world();
  const process = processId('corrective-action', await raised(w));
  const asks = (step: string) =>
    new Commands(w.engine).step(process, {
      key: `${process}/raised#1/${step}`,
      order: {
        ...{ command: 'openTask', makes: { kind: 'task', prefix: 'tsk' } },
        input: { queue: 'process-owner', asks: 'submitPlan', due: '2031-03-03' },
      },
    });
  await asks('ask-for-plan');
  await w.look('begin');
  await w.look("select from perennial.stream where kind = 'task' for update");
  const second = asks('ask-again');
  expect(await Promise.race([second, pause(300)])).toBeUndefined();
  await w.look('rollback');
  expect(await second).toBe('taken');
});

test('a look that fails as it begins spoils nobody else’s: its connection is clean when it is given back', async () => {
  const w = await world();
  const ana = await w.person(w.body, 'programme-manager');
  const looks = (who: Somebody) =>
    viewAs(w.app, { organisation: who.organisation, principal: who.id }, (client) =>
      client.query('select 1 as one'),
    );
  const rename = (zone: string) =>
    w.look(
      "update perennial.stream set state = state || jsonb_build_object('zone', $2::text) where id = $1",
      [w.client, zone],
    );
  const [{ zone } = { zone: '' }] = await w.look<{ zone: string }>(
    "select state->>'zone' as zone from perennial.stream where id = $1",
    [w.client],
  );
  await rename('Mars/Olympus');
  await expect(looks(w.iris)).rejects.toMatchObject({ code: '22023' });
  expect((await looks(ana)).rows).toEqual([{ one: 1 }]);
  await rename(zone);
});

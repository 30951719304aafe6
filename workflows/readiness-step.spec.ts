import type { Id } from '#domain/actor.js';
import { civilDate, instant } from '#domain/instant.js';
import type { Event } from '#domain/machine.js';
import { stepsOpened } from '#domain/readiness/moves.js';
import { readinessMachine } from '#domain/readiness/readiness.js';
import { charter, evidence, files, people, said, scores, submitted, to } from '#domain/readiness/scene.js';
import type { ReadinessStep } from '#domain/readiness/step.js';
import { by, client, did, fact, type Deed } from '#domain/specification.js';
import type { Task } from '#domain/task/facts.js';
import { taskMachine } from '#domain/task/task.js';
import { rehearse, type Rehearsal } from '#rehearsal/rehearse.js';
import { instantOf, toolsFrom } from '../apps/cli/journey/tools.js';

const ZONE = 'Europe/Berlin';
const { tom, ana, pat } = people;

const account = ({ id, organisation, grants }: typeof tom): readonly Event[] => [
  fact({
    ...{ kind: 'person', type: 'person.invited', stream: id, opens: { organisation } },
    data: { human: id, mode: 'sandbox' },
  }),
  fact({ kind: 'person', type: 'person.joined', stream: id }),
  ...grants.map((grant) => fact({ kind: 'person', type: 'role.granted', stream: id, data: grant })),
];

const past: readonly Event[] = [
  fact({
    ...{
      kind: 'organisation',
      type: 'organisation.created',
      stream: client,
      opens: { organisation: client },
    },
    data: { side: 'client', mode: 'sandbox', zone: ZONE },
  }),
  ...Object.values(people).flatMap(account),
  fact({
    ...{ kind: 'programme', type: 'programme.opened', stream: 'prg_1', opens: { organisation: client } },
    data: { client, governingZone: ZONE },
  }),
  ...files.map(({ id, ...file }) =>
    fact({
      ...{ kind: 'evidence', type: 'evidence.recorded', stream: id },
      ...{ data: { ...file, sha256: '', bytes: 1, type: 'text/plain' }, opens: { programme: 'prg_1' } },
    }),
  ),
  ...stepsOpened('prg_1', client, (prefix, n) => `${prefix}_${String(n)}`),
];

/** A rehearsal in which the deeds of specifications are done on their days. */
class Way {
  readonly world: Rehearsal = rehearse({
    ...{ tools: toolsFrom('a way'), startsAt: instant('2029-02-01T07:00:00.000Z'), zone: ZONE, past },
  });

  /** The processes of what stood before begin. */
  async begun(): Promise<this> {
    await this.world.restart();
    return this;
  }

  async plays(...deeds: readonly Deed[]): Promise<void> {
    for (const { command, actor, on } of deeds) {
      await this.until(on);
      const caller = { principal: actor.id, organisation: actor.organisation, route: command.type };
      const key = `${command.type} ${command.stream} ${actor.id} ${on}`;
      const answer = await this.world.execute(command, { ...caller, key });
      if ('refused' in answer) throw new Error(`${command.type}: ${JSON.stringify(answer.refused)}`);
    }
  }

  async until(day: string): Promise<void> {
    const to = instantOf(civilDate(day), 'office', ZONE);
    if (to > this.world.now) await this.world.advance(to);
  }

  step(n: number): ReadinessStep {
    const thing = this.world.thing(`rdy_${String(n)}`)?.thing;
    if (!thing || !readinessMachine.is(thing)) throw new Error(`there is no step ${String(n)}`);
    return thing;
  }

  /** What is asked of people about a step, how it stands, in the order in which it was asked. */
  tasks(n: number): readonly string[] {
    const about: Id = `rdy_${String(n)}`;
    return this.world.entries
      .filter(({ fact: { type } }) => type === 'task.opened')
      .map(({ fact: { stream } }) => this.world.thing(stream)?.thing)
      .filter((thing): thing is Task => thing !== undefined && taskMachine.is(thing))
      .filter((task) => task.about === about)
      .map(({ queue, asks, stage, due }) => [queue, asks, stage, ...(due ? [due] : [])].join(' '));
  }

  /** The reminders of a step, by obligation and day of the ladder. */
  reminders(n: number): readonly string[] {
    const of = `readiness-step/rdy_${String(n)}/remind/`;
    return this.world.entries
      .filter(({ kind }) => kind === 'notice')
      .map(({ fact: { command } }) => command)
      .filter((key) => key.startsWith(of))
      .map((key) => key.slice(of.length));
  }

  waits(n: number): readonly string[] {
    const process = `readiness-step/rdy_${String(n)}`;
    return this.world
      .agenda()
      .filter((one) => one.process === process)
      .flatMap(({ items }) =>
        items.map(({ label, due }) => (due === null ? label : `${label}, ${due.slice(0, 10)}`)),
      );
  }
}

const way = (): Promise<Way> => new Way().begun();
const sign = (on: string): Deed => did(to(0, 'signCharter', charter), by(tom, on));
const review = (on: string): Deed =>
  did(to(0, 'recordProgressReview', { attendance: 'Tom, Ana', nextActions: 'More' }), by(ana, on));
const onDay = (day: string, ...deeds: readonly Deed[]): readonly Deed[] =>
  deeds.map((deed) => ({ ...deed, on: civilDate(day) }));

test('at first the charter is asked for, and nothing waits for a day', async () => {
  const { ...started } = { way: await way() };
  expect(started.way.tasks(0)).toEqual(['top-management signCharter open']);
  for (const n of [1, 2, 3, 4, 5, 6, 7]) {
    expect(started.way.tasks(n)).toEqual([]);
    expect(started.way.waits(n)).toEqual(['the day by which the step is planned']);
  }
  for (const n of [8, 9, 10, 11, 12]) expect(started.way.waits(n)).toEqual([]);
  await started.way.until('2029-12-31');
  expect(started.way.world.entries).toHaveLength(past.length + 1);
});

test('a planned step is asked for, submitted, approved, and people are reminded of its day', async () => {
  const one = await way();
  await one.plays(did(to(1, 'planStep', { due: civilDate('2029-03-30') }), by(ana, '2029-03-01')));
  expect(one.tasks(1)).toEqual(['aims-manager startStep open 2029-03-30']);
  await one.until('2029-03-19');
  expect(one.reminders(1)).toEqual(['step/14-days-before']);
  const [start, ...rest] = submitted(1);
  if (!start) throw new Error('a step begins with its start');
  await one.plays(...onDay('2029-03-19', start));
  expect(one.tasks(1).slice(1)).toEqual(['aims-manager submitStep open 2029-03-30']);
  await one.plays(...onDay('2029-03-19', ...rest));
  expect(one.tasks(1).slice(2)).toEqual(['top-management completeStep open 2029-03-30']);
  await one.plays(did(to(1, 'completeStep'), by(tom, '2029-03-20')));
  expect(one.tasks(1).every((task) => task.includes(' done '))).toBe(true);
  expect(one.reminders(1)).toEqual(['step/14-days-before', 'step/withdrawn']);
  await one.until('2029-06-01');
  expect(one.reminders(1)).toHaveLength(2);
});

test('a step whose day passes is reminded of until it is done, and more people learn of it', async () => {
  const one = await way();
  await one.plays(did(to(3, 'planStep', { due: civilDate('2029-03-05') }), by(ana, '2029-03-01')));
  await one.until('2029-03-13');
  expect(one.reminders(3)).toEqual([
    ...[
      'step/7-days-before',
      'step/3-days-before',
      'step/on-the-day',
      'step/1-days-overdue',
      'step/7-days-overdue',
    ],
  ]);
});

test('R-S2-3: the approval of operation is asked for on the day on which it has run long enough', async () => {
  const one = await way();
  const submit = did(to(5, 'submitStep', said[5] ?? {}, { evidence }), by(pat));
  await one.plays(...onDay('2029-02-05', did(to(5, 'startStep'), by(pat)), submit));
  expect(one.step(5).operatedUntil?.date).toBe('2029-02-20');
  await one.until('2029-02-19');
  expect(one.tasks(5)).toEqual(['process-owner submitStep done']);
  expect(one.waits(5)).toHaveLength(1);
  await one.until('2029-02-20');
  expect(one.tasks(5)).toEqual(['process-owner submitStep done', 'aims-manager completeStep open']);
});

test('R-SEL-1: top management is asked to choose when there is a candidate to choose', async () => {
  const one = await way();
  const check = {
    candidate: 'norden',
    accredited: true,
    checkedOn: civilDate('2029-02-20'),
    source: 'The register',
  };
  await one.plays(did(to(7, 'startStep'), by(ana, '2029-03-01')));
  await one.plays(did(to(7, 'scoreCandidate', { candidate: 'norden', scores }), by(ana, '2029-03-01')));
  expect(one.tasks(7)).toEqual(['aims-manager submitStep open']);
  await one.plays(did(to(7, 'checkAccreditation', check), by(ana, '2029-03-02')));
  expect(one.tasks(7)).toEqual([
    'aims-manager submitStep open',
    'top-management selectCertificationBody open',
  ]);
  await one.plays(did(to(7, 'selectCertificationBody', { candidate: 'norden' }), by(tom, '2029-03-02')));
  expect(one.tasks(7)[1]).toBe('top-management selectCertificationBody done');
});

test('R-CAL-16: reviews come every two weeks from the charter; a missed one is recorded and the next one asked', async () => {
  const one = await way();
  await one.plays(sign('2029-03-01'), review('2029-03-07'));
  expect(one.tasks(0)).toEqual(['top-management signCharter done']);
  await one.until('2029-03-21');
  expect(one.tasks(0)).toHaveLength(1);
  await one.until('2029-03-22');
  expect(one.tasks(0).slice(1)).toEqual(['aims-manager recordProgressReview open 2029-03-29']);
  await one.until('2029-04-13');
  expect(one.step(0).reviews).toEqual([
    { on: '2029-03-07', n: 1 },
    { n: 2, on: '2029-03-29', missed: true },
    { n: 3, on: '2029-04-12', missed: true },
  ]);
  expect(one.step(0).nextReview).toMatchObject({ n: 4, due: { date: '2029-04-26' } });
  expect(one.reminders(0)).toContain('progress-review-2/on-the-day');
  expect(one.reminders(0)).toContain('progress-review-2/withdrawn');
  await one.plays(review('2029-04-13'));
  expect(one.tasks(0).slice(1)).toEqual(['aims-manager recordProgressReview done 2029-03-29']);
});

test('opened again, the charter is asked for anew, and the series goes on', async () => {
  const one = await way();
  await one.plays(
    sign('2029-03-01'),
    did(to(0, 'reopenStep', {}, { reason: 'New owners' }), by(ana, '2029-03-09')),
  );
  expect(one.tasks(0)).toEqual([
    'top-management signCharter done',
    'aims-manager recordProgressReview withdrawn 2029-03-15',
    'top-management signCharter open',
  ]);
  await one.plays(sign('2029-03-20'));
  expect(one.step(0).reviews).toEqual([{ n: 1, on: '2029-03-15', missed: true }]);
  expect(one.step(0).nextReview?.n).toBe(2);
});

test('runs that are ended and started again leave the same facts', async () => {
  const deeds = [
    ...[sign('2029-03-01'), review('2029-03-07')],
    did(to(1, 'planStep', { due: civilDate('2029-03-30') }), by(ana, '2029-03-08')),
    ...onDay('2029-03-19', ...submitted(1)),
    did(to(1, 'completeStep'), by(tom, '2029-04-02')),
  ];
  const lines = (one: Way) => one.world.entries.map(({ fact: { command, type } }) => `${type} ${command}`);
  const undisturbed = await way();
  await undisturbed.plays(...deeds);
  const restarted = await way();
  for (const deed of deeds) {
    await restarted.plays(deed);
    await restarted.world.restart();
  }
  expect(lines(restarted)).toEqual(lines(undisturbed));
  expect(lines(restarted)).toContainEqual(expect.stringContaining('step/1-days-overdue'));
});

import fc from 'fast-check';
import { instant } from '#domain/instant.js';
import { nothingYet, type Fact, type Machine, type Thing } from '#domain/machine.js';
import type { News, Step, Taken } from '#domain/process/news.js';
import { daysOf } from '../test/support/client.js';
import { Rehearsed } from '../test/support/rehearsal.js';
import { usual } from '../test/support/own-finding.js';
import { live } from './host.js';
import type { Process } from './process.js';
import type { Runtime } from './runtime.js';

const NOW = instant('2029-03-01T08:00:00.000Z');
const PAGE = 5;

/** A thing that remembers which facts it has seen, in which order. */
interface Diary extends Thing {
  readonly seen: readonly number[];
}

const diaryMachine: Machine<Diary> = {
  ...{
    kind: 'diary',
    prefix: 'dia',
    id: 'SUP-0',
    stages: ['open', 'closed'],
    ends: ['closed'],
    commands: {},
  },
  initial: (id) => ({ ...nothingYet(id), kind: 'diary', seen: [] }),
  is: (thing): thing is Diary => thing.kind === 'diary',
  evolve: {
    'diary.written': (state, { version }) => ({ ...state, stage: 'open', seen: [...state.seen, version] }),
    'diary.closed': (state, { version }) => ({ ...state, stage: 'closed', seen: [...state.seen, version] }),
  },
};

const fact = (version: number, type = 'diary.written'): Fact => ({
  ...{ stream: 'dia_1', version, type, data: {}, texts: {}, evidence: [], at: NOW, effectiveAt: NOW },
  ...{ actor: { id: 'per_1', role: 'aims-manager' }, command: `cmd_${String(version)}` },
});

/** A ledger that is written in one place and told of in another, and a run that hears what comes through. */
class Wire implements Runtime {
  readonly facts: Fact[] = [];
  /** What its parking says of reminders; and the steps that were taken. */
  readonly reminders: Taken[] = [];
  readonly steps: string[] = [];
  private inbox: News[] = [];
  private wake: () => void = () => undefined;

  news(facts: readonly Fact[]): News {
    return { facts, taken: [], last: this.facts.length, clock: NOW };
  }

  deliver(news: News): void {
    this.inbox.push(news);
    this.wake();
  }

  async read(seen: number): Promise<News> {
    await Promise.resolve();
    return this.news(this.facts.slice(seen, seen + PAGE));
  }

  async take({ key }: Step): Promise<News> {
    await Promise.resolve();
    this.steps.push(key);
    return { ...this.news([]), taken: [{ key }] };
  }

  async park(_: unknown, seen: number): Promise<News> {
    await Promise.resolve();
    return { ...this.news(this.facts.slice(seen, seen + PAGE)), taken: this.reminders };
  }

  async sleep(): Promise<void> {
    if (this.inbox.length > 0) return;
    await new Promise<void>((resolve) => (this.wake = resolve));
  }

  heard(): readonly News[] {
    return this.inbox.splice(0);
  }

  full(): boolean {
    return false;
  }

  renew(): Promise<void> {
    return Promise.reject(new Error('it is never full'));
  }
}

/** What becomes of one message: how often it arrives, how many others come first, how much of it is missing. */
const fate = fc.record({
  facts: fc.integer({ min: 1, max: 4 }),
  times: fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) },
  ),
  overtakenBy: fc.nat(3),
  cut: fc.nat(2),
  turns: fc.nat(6),
});

test('[R19] messages that come three times, in another order, in part or not at all: over 5,000 facts each is seen once and in order', async () => {
  let told = 0;
  let lost = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { minLength: 30, maxLength: 60 }), async (fates) => {
      const wire = new Wire();
      let diary: Diary = diaryMachine.initial('dia_1');
      const machine = { ...diaryMachine, evolve: spied(diaryMachine, (after) => (diary = after)) };
      const process: Process<Diary> = { name: 'diary', edition: 1, machine, stages: {} };
      wire.facts.push(fact(1));
      const living = live(process, 'diary/dia_1', 'dia_1', wire);
      const held: { news: News; left: number }[] = [];
      for (const { facts, times, overtakenBy, cut, turns } of fates) {
        const from = wire.facts.length;
        for (let n = 1; n <= facts; n += 1) wire.facts.push(fact(from + n));
        held.forEach((one) => (one.left -= 1));
        const news = wire.news(wire.facts.slice(from + cut));
        for (let n = 0; n < times; n += 1) held.push({ news, left: n === 0 ? overtakenBy : n });
        for (const one of held.filter(({ left }) => left <= 0)) wire.deliver(one.news);
        held.splice(0, held.length, ...held.filter(({ left }) => left > 0));
        for (let n = 0; n < turns; n += 1) await Promise.resolve();
        lost += times === 0 ? 1 : 0;
      }
      wire.facts.push(fact(wire.facts.length + 1, 'diary.closed'));
      wire.deliver(wire.news(wire.facts.slice(-1)));
      await living;
      told += wire.facts.length;
      expect(diary.seen).toEqual(wire.facts.map(({ version }) => version));
    }),
    { numRuns: 100 },
  );
  expect(told).toBeGreaterThan(5_000);
  expect(lost).toBeGreaterThan(200);
});

/** The same, and every state is told. */
const spied = (machine: Machine<Diary>, told: (after: Diary) => void): Machine<Diary>['evolve'] =>
  Object.fromEntries(
    Object.entries(machine.evolve).map(([type, evolver]) => [
      type,
      (state, one) => {
        const after = evolver(state, one);
        told(after);
        return after;
      },
    ]),
  );

test('a plan that may come later is reminded of by its new day alone, and so it is by a run that has just begun', async () => {
  for (const restarts of [false, true]) {
    const { client, world } = await Rehearsed.client();
    const finding = await client.draft();
    const [raise] = client.deeds(usual);
    if (raise) await client.deed(finding, raise);
    await client.does('iris', {
      ...{ type: 'extendPlanDue', stream: finding, input: { which: 'plan', until: '2029-05-11' } },
      reason: 'The client asked for it',
    });
    if (restarts) await world.restart();
    const waits = world.agenda().flatMap(({ items }) => items.map(({ label, on }) => `${on ?? ''} ${label}`));
    expect(waits).toContain('2029-04-11 reminder: plan for correction and corrective action, 30-days-before');
    await client.waits();
    const ofPlan = world.entries.filter(({ fact }) => fact.command.includes('/remind/plan-1/'));
    expect(daysOf(ofPlan, 'notice.sent').slice(0, 3)).toEqual(['2029-03-01', '2029-04-11', '2029-04-27']);
  }
});

test('a reminder of which a run has lost sight, as when its worker died, is withdrawn all the same when nothing is owed any more', async () => {
  const wire = new Wire();
  wire.facts.push(fact(1), fact(2, 'diary.closed'));
  wire.reminders.push({ key: 'diary/dia_1/remind/page/7-days-before', rungs: ['7-days-before'] });
  const process: Process<Diary> = { name: 'diary', edition: 1, machine: diaryMachine, stages: {} };
  await live(process, 'diary/dia_1', 'dia_1', wire);
  expect(wire.steps).toEqual(['diary/dia_1/remind/page/withdrawn']);
});

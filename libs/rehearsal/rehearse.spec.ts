import fc from 'fast-check';
import { instant } from '#domain/instant.js';
import type { News } from '#domain/process/news.js';
import type { NewFact } from '#domain/record.js';
import { usual, type Course } from '../../test/support/own-finding.js';
import { daysOf, linesOf } from '../../test/support/client.js';
import { Rehearsed } from '../../test/support/rehearsal.js';
import type { Mischief } from './rehearse.js';

const late: Course = { ...usual, planAfter: 45, plansRejected: 1, disputed: true };

async function played(course: Course, mischief: Mischief = {}): Promise<readonly NewFact[]> {
  const { client, world } = await Rehearsed.client(mischief);
  await client.plays(course);
  return world.entries;
}

const reminders = (facts: readonly NewFact[]): readonly string[] =>
  facts
    .filter(({ fact }) => fact.type.startsWith('notice.'))
    .map(({ fact }) => fact.command.split('/').slice(3).join(' '));

test('a plan that is late gets its reminders in their order, before the day and after it', async () => {
  const facts = await played({ ...usual, planAfter: 45 });
  const ofPlan = reminders(facts).filter((one) => one.startsWith('plan-1'));
  expect(ofPlan).toEqual([
    ...['plan-1 60-days-before', 'plan-1 30-days-before', 'plan-1 14-days-before', 'plan-1 7-days-before'],
    ...[
      'plan-1 3-days-before',
      'plan-1 on-the-day',
      'plan-1 1-days-overdue',
      'plan-1 7-days-overdue',
      'plan-1 14-days-overdue',
      'plan-1 withdrawn',
    ],
  ]);
});

test('a finding that leaves a stage is reminded of nothing that was owed there', async () => {
  const facts = await played(usual);
  const plan = facts.find(({ fact }) => fact.type === 'nonconformity.plan-submitted')?.fact.at ?? '';
  const afterwards = facts.filter(({ fact }) => fact.type === 'notice.sent' && fact.at > plan);
  expect(reminders(afterwards).filter((one) => one.startsWith('plan-1'))).toEqual([]);
});

test('a task is opened for each thing that is asked, and none stays open when the finding is effective', async () => {
  const { client, world } = await Rehearsed.client();
  await client.plays(late);
  const tasks = world.things('task').map(({ thing }) => thing.stage);
  expect(tasks.length).toBeGreaterThan(6);
  expect(tasks.filter((stage) => stage !== 'done' && stage !== 'withdrawn')).toEqual([]);
});

test('a run that is ended after any of its steps goes on from the ledger: not a fact more or less', async () => {
  const undisturbed = linesOf(await played(late));
  const steps = new Set(
    (await played(late))
      .map(({ fact }) => fact.command)
      .filter((key) => key.startsWith('corrective-action/')),
  );
  for (const key of steps) {
    let struck = false;
    const strikes: Mischief['strikes'] = (_, step) => {
      const now = step.key === key && !struck;
      struck ||= now;
      return now;
    };
    expect(linesOf(await played(late, { strikes }))).toEqual(undisturbed);
    expect(struck).toBe(true);
  }
});

test('all runs ended and started again on any day leave the same ledger', async () => {
  const undisturbed = linesOf(await played(late));
  const { client, world } = await Rehearsed.client();
  const finding = await client.draft();
  for (const deed of client.deeds(late)) {
    await world.restart();
    await client.deed(finding, deed);
  }
  await world.restart();
  await client.waits();
  expect(linesOf(world.entries)).toEqual(undisturbed);
});

test('[R19] messages that come three times, in another order or with a part of their facts change nothing', async () => {
  const undisturbed = linesOf(await played(late));
  const disturbance = fc.record({
    times: fc.integer({ min: 1, max: 3 }),
    turn: fc.boolean(),
    cut: fc.nat(3),
  });
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(disturbance), async (chance) => {
      let earlier: News | undefined;
      const deliver: Mischief['deliver'] = (news) => {
        const next = chance.next();
        if (next.done === true) return [news];
        const { times, turn, cut } = next.value;
        const arriving = { ...news, facts: shuffled(news.facts.slice(cut), turn) };
        const old = earlier;
        earlier = news;
        return [...(old && turn ? [old] : []), ...Array.from({ length: times }, () => arriving)];
      };
      expect(linesOf(await played(late, { deliver }))).toEqual(undisturbed);
    }),
    { numRuns: 40 },
  );
});

const shuffled = (facts: News['facts'], turn: boolean): News['facts'] => (turn ? facts.toReversed() : facts);

test('reminders of one day go out as one, and those that fall on a weekend wait for Monday', async () => {
  const facts = await played({ ...usual, grade: 'minor', planAfter: 45 });
  expect(daysOf(facts, 'notice.sent').slice(0, 8)).toEqual([
    ...['2029-03-01', '2029-03-05', '2029-03-19', '2029-03-26'],
    ...['2029-03-30', '2029-04-02', '2029-04-03', '2029-04-09'],
  ]);
});

test('what lies behind a new obligation goes out with the reminder of its first day, as one notice (I-33)', async () => {
  const { client, world } = await Rehearsed.client();
  await client.advance(instant('2029-03-05T06:30:00.000Z')); // half past seven in Vienna, on a Monday
  const finding = await client.draft();
  const [raising] = client.deeds({ ...usual, grade: 'minor' });
  await client.does('iris', { type: 'raiseNonconformity', stream: finding, input: {}, ...raising });
  const sent = () =>
    world.entries.filter(({ fact }) => fact.type === 'notice.sent').map(({ fact }) => fact.data);
  expect(sent()).toEqual([]);
  await client.advance(instant('2029-03-05T09:00:00.000Z'));
  expect(sent()).toEqual([expect.objectContaining({ rungs: ['60-days-before', '30-days-before'] })]);
});

import type { Names } from './names.js';
import type { Expectations, ExpectedDate, ExpectedReminders, ExpectedStage } from './script.js';
import type { Reminder, Story } from './story.js';

/** Something that did not come as the script expects, with the line that expects it. */
export interface Unmet {
  readonly line: number;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/** Compares how things stand at the end with what the script expects; empty when all of it held. */
export function held(expected: Expectations, story: Story, names: Names): readonly Unmet[] {
  return [
    ...expected.stages.map((one) => stageHeld(one, story, names)),
    ...expected.dates.map((one) => dateHeld(one, story, names)),
    ...expected.reminders.flatMap((one) => remindersHeld(one, story, names)),
  ].filter((one) => one !== undefined);
}

function stageHeld({ line, thing, stage }: ExpectedStage, story: Story, names: Names): Unmet | undefined {
  const id = names.find(thing);
  const found = id === undefined ? 'was never made' : (story.things.get(id)?.stage ?? 'none');
  return differs({ line, what: thing, expected: stage, found });
}

function dateHeld(
  { line, thing, member, date }: ExpectedDate,
  story: Story,
  names: Names,
): Unmet | undefined {
  const id = names.find(thing);
  const found = story.dates.find((one) => one.thing === id && one.member === member);
  return differs({
    line,
    what: `${member} of ${thing}`,
    expected: date,
    found: found?.date.date ?? 'no date',
  });
}

function remindersHeld(
  expected: ExpectedReminders,
  story: Story,
  names: Names,
): readonly (Unmet | undefined)[] {
  const id = names.find(expected.about);
  const { line, obligation } = expected;
  const own = story.reminders.filter((one) => one.about === id && one.obligation === obligation);
  const what = `reminders of ${obligation} for ${expected.about}`;
  return [
    differs({ line, what, expected: expected.sent.join(', '), found: sent(own).join(', ') || 'none' }),
    differs({
      line,
      what: `withdrawal of ${what}`,
      expected: expected.withdrawn ? 'withdrawn' : 'not withdrawn',
      found: own.some(({ kind }) => kind === 'withdrawn') ? 'withdrawn' : 'not withdrawn',
    }),
  ];
}

const sent = (reminders: readonly Reminder[]): readonly string[] =>
  reminders.filter(({ kind }) => kind !== 'withdrawn').flatMap(({ rungs }) => rungs);

const differs = (one: Unmet): Unmet | undefined => (one.expected === one.found ? undefined : one);

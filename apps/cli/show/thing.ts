import { stringify } from 'yaml';
import { kebab } from '#contract/route.js';
import { isShown, wordOf, type Shown } from './texts.js';

/** What has lines of its own, or is there for programs. */
const LEFT_OUT = ['object', 'clock', 'links', 'actions', 'warnings', 'awaiting', 'recorded', 'wouldRecord'];

/** One thing, or the answer of a command, for people: a line a member, and what is possible next. */
export function thingOf(answer: unknown): readonly string[] {
  if (!isShown(answer)) return answer === undefined ? [] : [stringify(answer).trimEnd()];
  return [...membersOf(answer), ...cameOf(answer), ...possible(answer)];
}

function membersOf(thing: Shown): readonly string[] {
  const members = Object.entries(thing).filter(
    ([name, value]) =>
      !LEFT_OUT.includes(name) && !isEmpty(value) && !(name === 'kind' && value === thing['object']),
  );
  const wide = Math.max(...members.map(([name]) => name.length), 0);
  return members.flatMap(([name, value]) => {
    const word = wordOf(value);
    if (word !== undefined) return [`${name.padEnd(wide)}  ${datedWord(value, word)}`];
    const lines = stringify(value).trimEnd().split('\n');
    return [name, ...lines.map((line) => `  ${line}`)];
  });
}

/** A date that a rule made, with its kind and the rule. */
function datedWord(value: unknown, word: string): string {
  if (!isShown(value) || typeof value['date'] !== 'string') return word;
  return [word, wordOf(value['kind']), wordOf(value['rule'])].filter((part) => part).join('  ');
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (Array.isArray(value) && value.length === 0) ||
  (isShown(value) && Object.keys(value).length === 0);

/** What a command did, and what it did not. */
function cameOf({ recorded, wouldRecord, warnings, awaiting }: Shown): readonly string[] {
  return [
    ...listed('recorded', recorded),
    ...listed('would record', wouldRecord),
    ...shownIn(warnings).map(
      ({ code, message }) => `warning   ${wordOf(message) ?? ''} (${wordOf(code) ?? ''})`,
    ),
    ...shownIn(awaiting).map(({ role }) => `awaiting  ${wordOf(role) ?? ''}, who must do the same`),
  ];
}

const listed = (title: string, value: unknown): readonly string[] =>
  isEmpty(value) ? [] : [`${title}  ${wordOf(value) ?? ''}`];

/** The commands that this caller may issue now; where it was asked, also why not the others. */
function possible({ actions, recorded }: Shown): readonly string[] {
  const all = shownIn(actions);
  const may = all.filter(({ allowed }) => allowed === true).map(({ name }) => kebab(wordOf(name) ?? ''));
  const not = all.flatMap(({ name, refusal }) =>
    isShown(refusal) ? [`  not ${kebab(wordOf(name) ?? '')}: ${wordOf(refusal['message']) ?? ''}`] : [],
  );
  return [...(may.length > 0 ? [`possible  ${may.join(', ')}`] : []), ...(recorded === undefined ? not : [])];
}

const shownIn = (value: unknown): readonly Shown[] => (Array.isArray(value) ? value.filter(isShown) : []);

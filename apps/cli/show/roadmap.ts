import { tableOf } from './table.js';
import { isShown, wordOf, type Shown } from './texts.js';

const WORDS = {
  step: ['step', 'name', 'state', 'due', 'doneOn'],
  way: ['date', 'status', 'what', 'kind', 'rule', 'owedBy'],
};

export const isRoadmap = (answer: unknown): answer is Shown =>
  isShown(answer) && answer['object'] === 'roadmap';

/** The way of a programme for people: what comes next and why, then its steps and its days, a line for each. */
export function roadmapOf(roadmap: Shown, width?: number): readonly string[] {
  const { programme, today, next, late, readiness, steps, timeline } = roadmap;
  return [
    ...titleOf(programme, today),
    ...(isShown(next) ? ['', ...owedLines('next', next)] : ['', 'next      nothing is owed']),
    ...shownIn(late).flatMap((one) => owedLines('late', one)),
    ...(isShown(readiness) ? ['', readinessLine(readiness)] : []),
    ...table(shownIn(steps), WORDS.step, width),
    ...table(shownIn(timeline).map(flat), WORDS.way, width),
  ];
}

function titleOf(programme: unknown, today: unknown): readonly string[] {
  if (!isShown(programme)) return [];
  const { number, id, state, cycle, governingZone } = programme;
  const [name, stage, nth, zone] = [number ?? id, state, cycle, governingZone].map(
    (value) => wordOf(value) ?? '',
  );
  return [`${name ?? ''}  ${stage ?? ''}, cycle ${nth ?? ''}; today ${wordOf(today) ?? ''} (${zone ?? ''})`];
}

/** Something owed, with whom it is owed by, and below it the way to its date. */
function owedLines(title: string, { date, what, due, owedBy, sentence }: Shown): readonly string[] {
  const kind = isShown(due) ? (wordOf(due['kind']) ?? '') : '';
  const by = wordOf(owedBy) ?? '';
  const line = `${title.padEnd(8)}  ${wordOf(date) ?? ''}  ${kind}  ${wordOf(what) ?? ''}${by === '' ? '' : `, owed by ${by}`}`;
  return [line, `${' '.repeat(10)}${wordOf(sentence) ?? ''}`];
}

function readinessLine({ readyForStage1, score, lacking }: Shown): string {
  const lacks = wordOf(lacking) ?? '';
  const ready = readyForStage1 === true ? 'ready for Stage 1' : 'not yet ready for Stage 1';
  return `readiness ${wordOf(score) ?? ''} of 100, ${ready}${lacks === '' ? '' : `: ${lacks}`}`;
}

/** What is owed, with the kind and the rule of its date in columns of their own. */
const flat = (station: Shown): Shown =>
  isShown(station['due'])
    ? { ...station, kind: station['due']['kind'], rule: station['due']['rule'] }
    : station;

const table = (rows: readonly Shown[], names: readonly string[], width?: number): readonly string[] =>
  rows.length === 0
    ? []
    : [
        '',
        ...tableOf(
          names,
          rows.map((row) => names.map((name) => wordOf(row[name]) ?? '')),
          width,
        ),
      ];

const shownIn = (value: unknown): readonly Shown[] => (Array.isArray(value) ? value.filter(isShown) : []);

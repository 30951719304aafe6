import { tableOf } from './table.js';
import { collectionOf } from '#contract/routes/all.js';
import { isShown, wordOf, type Shown } from './texts.js';

const FIRST = ['number', 'position', 'recordedAt', 'name', 'id', 'state', 'type', 'what', 'due', 'status'];
const LAST = ['readAt', 'thing', 'about', 'programme', 'sentence', 'updatedAt', 'version'];
/** What is the same for all of them, or is there for programs. */
const LEFT_OUT = ['object', 'organisation', 'clock', 'key', 'links', 'createdAt', 'commitments', 'actions'];

/** The rows of a list as a table: what fits, the most telling columns first. */
export function rowsOf(rows: readonly unknown[], width?: number): readonly string[] {
  const shown = rows.filter(isShown).map(named);
  const names = namesOf(shown);
  const texts = shown.map((row) => names.map((name) => wordOf(row[name]) ?? ''));
  return tableOf(names, texts, width);
}

/** People and organisations have their names, and things their titles, among the texts. */
function named(row: Shown): Shown {
  const { texts } = row;
  const name = isShown(texts) ? (texts['name'] ?? texts['title']) : undefined;
  return typeof name === 'string' && 'state' in row ? { ...row, name } : row;
}

/** Of a thing with a life what the contract describes; it may hold more, for programs. */
function toldOf(row: Shown): readonly string[] {
  const members = collectionOf(String(row['object']))?.members;
  return members === undefined ? Object.keys(row) : [...FIRST, ...members, ...LAST];
}

/** Members that some row fills with something that a table can show. */
function namesOf(rows: readonly Shown[]): readonly string[] {
  const all = [...new Set(rows.flatMap(toldOf))].filter((name) => !LEFT_OUT.includes(name));
  const telling = all.filter(
    (name) =>
      rows.every((row) => wordOf(row[name]) !== undefined) && rows.some((row) => wordOf(row[name]) !== ''),
  );
  const between = telling.filter((name) => !FIRST.includes(name) && !LAST.includes(name));
  const among = (order: readonly string[]): readonly string[] =>
    order.filter((name) => telling.includes(name));
  return [...among(FIRST), ...between, ...among(LAST)];
}

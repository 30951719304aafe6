/** The members of something that came as JSON. */
export type Shown = Readonly<Record<string, unknown>>;

export const isShown = (value: unknown): value is Shown =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// Control characters, and those that turn the direction of writing: a text of a stranger moves no cursor.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** A text of anybody, on one line of a terminal. */
export const clean = (text: string): string => text.replaceAll(UNSEEN, ' ');

/** A value as one word of a table; undefined where it has members that a table cannot show. */
export function wordOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return wordsOf(value);
  return isShown(value) ? partOf(value) : undefined;
}

function wordsOf(values: readonly unknown[]): string | undefined {
  const words = values.map(wordOf);
  return words.every((word) => word !== undefined) ? words.join(', ') : undefined;
}

/** A date that a rule made is its date; whoever acted is his id, with the role. */
function partOf({ date, id, role }: Shown): string | undefined {
  if (typeof date === 'string') return clean(date);
  return typeof id === 'string' && typeof role === 'string' ? clean(`${id} ${role}`) : undefined;
}

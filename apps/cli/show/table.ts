const GAP = '  ';
/** What is left of words that are cut. */
const LEAST = 16;

/** Rows of texts under their headings, aligned. Where a line is too short, columns on the right are left out and words are cut; ids, numbers and dates are whole. */
export function tableOf(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): readonly string[] {
  const widths = fitted(
    names.map((name, index) => columnOf(name, rows, index)),
    width,
  );
  const line = (texts: readonly string[]): string =>
    widths
      .map((wide, index) => cut(texts[index] ?? '', wide).padEnd(wide))
      .join(GAP)
      .trimEnd();
  return [line(names), ...rows.map(line)];
}

/** How wide a column would be, and how wide it must be. */
interface Column {
  readonly width: number;
  readonly least: number;
}

function columnOf(name: string, rows: readonly (readonly string[])[], index: number): Column {
  const texts = rows.map((row) => row[index] ?? '');
  const width = texts.reduce((most, text) => Math.max(most, lengthOf(text)), lengthOf(name));
  return { width, least: texts.some((text) => text.includes(' ')) ? Math.min(width, LEAST) : width };
}

function fitted(columns: readonly Column[], width: number): readonly number[] {
  const kept = columns.filter(
    (_, index) => index === 0 || total(columns.slice(0, index + 1).map(({ least }) => least)) <= width,
  );
  const widths = kept.map((column) => column.width);
  for (let over = total(widths) - width; over > 0; over -= 1) {
    const spare = kept.map(({ least }, index) => (widths[index] ?? 0) - least);
    const widest = spare.indexOf(Math.max(...spare));
    if ((spare[widest] ?? 0) <= 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

const total = (widths: readonly number[]): number =>
  widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1));

const lengthOf = (text: string): number => Array.from(text).length;

const cut = (text: string, width: number): string =>
  lengthOf(text) <= width
    ? text
    : `${Array.from(text)
        .slice(0, width - 1)
        .join('')}…`;

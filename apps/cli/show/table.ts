const GAP = '  ';
const LEAST = 8;
const ID = /^[a-z]{2,4}_[0-9a-z]{26}$|^[a-z-]+\/[a-z]{2,4}_[0-9a-z]{26}$/;

/** Rows of texts under their headings, aligned, no line longer than `width`. Ids are whole or not there at all. */
export function tableOf(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): readonly string[] {
  const columns = names.map((name, index) => columnOf(name, rows, index));
  const widths = fitted(columns, width);
  const line = (texts: readonly string[]): string =>
    widths
      .map((wide, index) => cut(texts[index] ?? '', wide).padEnd(wide))
      .join(GAP)
      .trimEnd();
  return [line(names), ...rows.map(line)];
}

interface Wide {
  readonly width: number;
  readonly cut: boolean;
}

function columnOf(name: string, rows: readonly (readonly string[])[], index: number): Wide {
  const texts = rows.map((row) => row[index] ?? '');
  const width = texts.reduce((most, text) => Math.max(most, lengthOf(text)), lengthOf(name));
  return { width, cut: !texts.some((text) => ID.test(text)) };
}

/** How wide each column is: the widest that may be cut gives way first; what then does not fit goes, from the right. */
function fitted(columns: readonly Wide[], width: number): readonly number[] {
  const widths = columns.map((column) => column.width);
  while (total(widths) > width) {
    const [widest] = columns
      .flatMap((column, index) => (column.cut && (widths[index] ?? 0) > LEAST ? [index] : []))
      .filter((index) => index < widths.length)
      .toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    if (widest === undefined && widths.length > 1) widths.pop();
    else if (widest === undefined) break;
    else widths[widest] = (widths[widest] ?? 0) - 1;
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

/** Values as one line of CSV (RFC 4180), with its end. */
export const csvLine = (values: readonly unknown[]): string =>
  `${values.map((value) => quoted(cellOf(value))).join(',')}\r\n`;

/** A text that a spreadsheet would take for a formula stands behind an apostrophe; a number is none. */
function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

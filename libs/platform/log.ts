import { pino, type Logger } from 'pino';

export type Log = Logger;

/** JSON lines with ids only. ERROR means that somebody must act: a healthy run has none. */
export function makeLog(program: string, level: string): Log {
  return pino({
    level,
    base: { program, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: told, error: told },
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['*.password', '*.token', '*.key', 'headers.authorization'], censor: '(hidden)' },
  });
}

/** What a database says of itself, beside the values that stood in a statement. */
const OF_DATABASE = ['code', 'table', 'constraint', 'routine'] as const;

/**
 * What a log may hold of an error: of what a database says not its details, and nothing from the first quote on, where the values
 * of people may stand.
 */
export function told(error: unknown): object {
  if (!(error instanceof Error)) return { message: typeof error };
  const known = new Map<string, unknown>(Object.entries(error));
  const message = quotesValues(known) ? withoutValues(error.message) : error.message;
  return {
    type: error.name,
    message,
    stack: error.stack?.replace(error.message, message),
    ...Object.fromEntries(
      OF_DATABASE.filter((name) => known.has(name)).map((name) => [name, known.get(name)]),
    ),
    ...(error.cause === undefined ? {} : { cause: told(error.cause) }),
  };
}

/** Where a table, a column or a constraint is not right (42, 23), a database quotes names alone. (SQLSTATE) */
const quotesValues = (known: ReadonlyMap<string, unknown>): boolean =>
  known.has('severity') && !/^(42|23)/.test(String(known.get('code')));

const withoutValues = (words: string): string => words.split(/["']/)[0]?.trim() ?? '';

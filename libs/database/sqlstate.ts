/** Codes of PostgreSQL that mean something to us, by their names. */
export const sqlstate = {
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  uniqueViolation: '23505',
  insufficientPrivilege: '42501',
  lockNotAvailable: '55P03',
  transactionTimeout: '25P04',
  /** Our own: a programme would join organisations on different clocks. */
  clocksDiffer: 'PC001',
} as const;

/** The code of an error from PostgreSQL; an error of another origin has none. */
export function sqlstateOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Two transactions made the same entry of one thing: the later one must look again at what stands now. */
const OVERTAKEN = ['ledger_entry_version', 'stream_pkey'];

/** True when PostgreSQL broke off a transaction that may be tried again as it was. */
export function mayBeRetried(error: unknown): boolean {
  const code = sqlstateOf(error);
  if (code === sqlstate.serializationFailure || code === sqlstate.deadlockDetected) return true;
  return code === sqlstate.uniqueViolation && OVERTAKEN.includes(constraintOf(error));
}

function constraintOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('constraint' in error)) return '';
  return typeof error.constraint === 'string' ? error.constraint : '';
}

/** The network's and PostgreSQL's own words for: not here now, but perhaps in a moment. */
const AWAY = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|08|57P0[123]|53300)/;
/** The driver has no code for a line that breaks under a query, or on which none can be asked any more. */
const BROKEN =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout e|Query read timeout)/;

/** True when the database cannot be reached, or the line to it broke: whoever asked may ask again. */
export function isDatabaseAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('message' in error)) return false;
  return AWAY.test(sqlstateOf(error) ?? '') || BROKEN.test(String(error.message));
}

/** True when nothing came back for so long that the line is taken to be dead: an answer may still come on it. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Query read timeout';

/** True when a transaction came to nothing because others were in its way for too long: whoever asked may ask again. */
export function isOverrun(error: unknown): boolean {
  const limits: readonly string[] = [sqlstate.lockNotAvailable, sqlstate.transactionTimeout];
  return mayBeRetried(error) || limits.includes(sqlstateOf(error) ?? '');
}

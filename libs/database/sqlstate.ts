/** Codes of PostgreSQL that mean something to us, by their names. */
export const sqlstate = {
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  uniqueViolation: '23505',
  insufficientPrivilege: '42501',
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

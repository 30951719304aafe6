import type { ClientBase } from 'pg';

/** How the installation stands, in numbers; times in seconds or days. */
export interface Standing {
  /** Open processes by name. */
  readonly processes: Readonly<Record<string, number>>;
  /** Those that have not been told of every fact, and for how long the first of these facts has waited. */
  readonly processesBehind: number;
  readonly oldestUntoldSeconds: number;
  /** Processes whose due instant passed a quarter of an hour ago. */
  readonly dueMissed: number;
  /** Processes that the last watch found without a run, and could not repair. */
  readonly withoutRun: number;
  readonly tasks: number;
  readonly tasksOverdue: number;
  readonly oldestOverdueDays: number;
  /** Notices on their way out, and those of the last day's outages that went out late. */
  readonly noticesOrdered: number;
  readonly noticesLate: number;
  readonly linksWaiting: number;
  /** For how long the first fact without a place in the feed has waited. */
  readonly feedLagSeconds: number;
  /** Since the last sign that processes are lived; null before the first. */
  readonly heartbeatSeconds: number | null;
}

/** Undefined for whoever does not run the installation. */
export async function standingOf(client: ClientBase): Promise<Standing | undefined> {
  const { rows } = await client.query<{ standing: Standing | null }>(
    'select perennial.standing() as standing',
  );
  return rows[0]?.standing ?? undefined;
}

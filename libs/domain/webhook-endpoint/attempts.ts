// When a call that failed is tried again. (Standard Webhooks)

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** How long after each attempt that failed the next one follows: 75 hours and 35 minutes from the first to the tenth. */
const pauses: readonly number[] = [
  ...[5 * SECOND, 5 * MINUTE, 30 * MINUTE],
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR),
];

const LONGEST_ASKED_MS = 24 * HOUR;
const SPREAD = 0.1;
const MAY_ASK = [429, 503];

/** How often a delivery is tried before it has failed for good. */
export const MOST_ATTEMPTS = pauses.length + 1;

/** For how long an endpoint may fail, with nothing else in between, before it is given up. */
export const LONGEST_FAILING_MS = 5 * 24 * HOUR;

/** What a receiver answered; no status when nothing came that could be read. */
export interface Answered {
  readonly status?: number;
  /** How long the receiver asked to be left alone. */
  readonly retryAfterMs?: number;
}

/** True when the receiver has taken the call. A redirection is no success, and is not followed. */
export const isTaken = ({ status = 0 }: Answered): boolean => status >= 200 && status < 300;

/**
 * How long to wait before the next attempt, none when this was the last one. `chance`, 0 to 1, spreads those who failed together.
 * A receiver that is overloaded may ask for more time, a day at most, and for no less than the usual.
 */
export function pauseAfter(
  attempt: number,
  { status = 0, retryAfterMs = 0 }: Answered,
  chance: number,
): number | undefined {
  const usual = pauses[attempt - 1];
  if (usual === undefined) return undefined;
  const asked = MAY_ASK.includes(status) ? Math.min(retryAfterMs, LONGEST_ASKED_MS) : 0;
  return Math.max(Math.round(usual * (1 + SPREAD * chance)), asked);
}

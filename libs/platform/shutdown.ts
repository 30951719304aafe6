import process from 'node:process';

/** A terminal and npm pass the same Ctrl+C on, one after the other: within this time it is one. */
const SAME_SIGNAL_MS = 700;
const PATIENCE_MS = 30_000;

/**
 * Stops once, in order, when told: by Ctrl+C, SIGTERM, or because the program that started this one is gone.
 * A second Ctrl+C ends at once; what was acknowledged is in PostgreSQL by then.
 */
export function onShutdown(stop: () => Promise<void>): (exit?: number) => void {
  let since: number | undefined;
  const begin = (exit = 0): void => {
    if (since !== undefined) return;
    since = Date.now();
    setTimeout(() => process.exit(70), PATIENCE_MS).unref();
    stop().then(
      () => process.exit(exit),
      () => process.exit(70),
    );
  };
  const told = (): void => {
    if (since !== undefined && Date.now() - since > SAME_SIGNAL_MS) process.exit(130);
    begin();
  };
  process.on('SIGINT', told);
  process.on('SIGTERM', told);
  process.on('disconnect', () => begin());
  return begin;
}

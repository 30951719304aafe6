import process from 'node:process';

/** A terminal and npm pass the same Ctrl+C on, one after the other: within this time it is one. */
const SAME_SIGNAL_MS = 700;
const PATIENCE_MS = 60_000;
const nothing = (): void => undefined;

/**
 * Stops once, in order, when told: by Ctrl+C, SIGTERM, or because the program that started this one is gone.
 * A second Ctrl+C ends at once; what was acknowledged is in PostgreSQL by then.
 */
export function onShutdown(stop: () => Promise<void>, atOnce: () => void = nothing): (exit?: number) => void {
  let since: number | undefined;
  const leave = (exit: number): void => {
    atOnce();
    process.exit(exit);
  };
  const begin = (exit = 0): void => {
    if (since !== undefined) return;
    since = Date.now();
    setTimeout(() => leave(70), PATIENCE_MS).unref();
    stop().then(
      () => process.exit(exit),
      () => leave(70),
    );
  };
  const told = (): void => {
    if (since !== undefined && Date.now() - since > SAME_SIGNAL_MS) leave(130);
    begin();
  };
  process.on('SIGINT', told);
  process.on('SIGHUP', told);
  process.on('SIGTERM', told);
  process.on('disconnect', () => begin());
  return begin;
}

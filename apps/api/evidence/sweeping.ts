import type { Log } from '#platform/log.js';
import type { FileStore, IsRecorded } from './file-store.js';

/** So old, looked for so often: nothing is left for longer than an hour. What still comes grows twice a minute. */
const EACH_MS = 30 * 60_000;

/** Empties the entrance of what killed programs have left: at once, and every half hour. Ends with what is answered. */
export function startSweeping(store: FileStore, isRecorded: IsRecorded, log: Log): () => void {
  const sweep = async (): Promise<void> => {
    try {
      const swept = await store.sweep(Date.now() - EACH_MS, isRecorded);
      if (swept.gone + swept.placed > 0)
        log.info(swept, 'files that killed programs had left at the entrance');
    } catch (error) {
      log.warn(
        { err: error },
        'files that were left at the entrance are there still; tried again in half an hour',
      );
    }
  };
  void sweep();
  const timer = setInterval(() => void sweep(), EACH_MS);
  return () => {
    clearInterval(timer);
  };
}

import type { Log } from '#platform/log.js';
import type { FileStore } from './file-store.js';

const EACH_MS = 60 * 60_000;

/** Takes away what was on its way in when a program was killed: at once, and every hour. Ends with what is answered. */
export function startSweeping(store: FileStore, log: Log): () => void {
  const sweep = async (): Promise<void> => {
    try {
      const swept = await store.sweep(Date.now() - EACH_MS);
      if (swept > 0) log.info({ swept }, 'files that had not arrived when a program was killed are gone');
    } catch (error) {
      log.warn({ err: error }, 'files that never arrived could not be taken away; tried again in an hour');
    }
  };
  void sweep();
  const timer = setInterval(() => void sweep(), EACH_MS);
  return () => {
    clearInterval(timer);
  };
}

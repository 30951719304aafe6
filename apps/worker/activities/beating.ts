import { heartbeat } from '@temporalio/activity';

const BEAT_MS = 2_000;

/** Says again and again that the work is in hand: what a killed worker had in hand is taken up by another one soon. */
export async function beating<T>(work: () => Promise<T>): Promise<T> {
  const beats = setInterval(heartbeat, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beats);
  }
}

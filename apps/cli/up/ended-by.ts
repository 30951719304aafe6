import { StartFailure } from '#platform/start-failure.js';

/** What a person reads when a command ends by an error, and the exit code. */
export function endedBy(error: unknown): { text: string; exit: number } {
  if (error instanceof StartFailure) return { text: error.text(), exit: error.exit };
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), exit: 70 };
}

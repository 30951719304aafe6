import type { RunOf } from '#platform/runs.js';

/** How the run of a process is called on the server. */
export const runOf = (of: { id: string; name: string; organisation: string; number: string }): RunOf => ({
  id: of.id,
  name: of.name,
  organisation: of.organisation,
  summary: `${of.name} of ${of.number}`,
});

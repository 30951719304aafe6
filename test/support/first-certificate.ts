import { civilDate } from '#domain/instant.js';
import type { Script } from '#rehearsal/play/script.js';

const LAST = '2027-12-31';

/** The sample as far as its first certificate; what the certificate then owes is left to those who look at that. */
export const firstCertificate = (script: Script): Script => ({
  ...script,
  ends: civilDate('2027-08-02'),
  acts: script.acts.filter(({ on }) => on <= LAST),
  expected: {
    ...{ stages: [], dates: [] },
    reminders: script.expected.reminders.filter(({ about }) => about === 'minor'),
  },
});

import { civilDate } from '#domain/instant.js';
import type { Script } from '#rehearsal/play/script.js';
import { scriptIn } from './script-in.js';

const LAST = '2027-08-18';
const whole = scriptIn('samples/pump-failure-forecast.yaml');

/** Everything that openProgramme makes but the programme itself: the steps of readiness, which other stories tell. */
const steps = whole.acts.find(({ does }) => does === 'openProgramme')?.makes.slice(1) ?? [];
const leftOut = [...steps, 'unchecked-readings'];

/** A body that is a record, up to its certificate: the client records audits, findings and the decision. */
export const mirrored: Script = {
  ...whole,
  name: 'mirrored',
  ends: civilDate('2027-09-01'),
  acts: whole.acts.filter(
    ({ on, to = '', makes, refused }) =>
      on <= LAST && !refused && !leftOut.includes(to) && !makes.includes('unchecked-readings'),
  ),
  expected: { stages: [], dates: [], reminders: [] },
};

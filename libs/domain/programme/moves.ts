import type { Id } from '../actor.js';
import type { Event } from '../machine.js';
import { programmeFact, type ProgrammeEvents } from './facts.js';

/** The certificate was granted: the same command that grants it moves the programme. (SM-0, SM-5) */
export const programmeCertified = (programme: Id, what: ProgrammeEvents['programme.certified']): Event =>
  programmeFact('programme.certified', programme, what);

/** The decision was of another day than was recorded, and the certificate's dates with it. (R-CAL-15) */
export const programmeDatesCorrected = (
  programme: Id,
  what: ProgrammeEvents['programme.dates-corrected'],
): Event => programmeFact('programme.dates-corrected', programme, what);

/** The certificate has expired; `on` is the first day without one. (SM-0, SM-6) */
export const programmeLapsed = (programme: Id, what: ProgrammeEvents['programme.lapsed']): Event =>
  programmeFact('programme.lapsed', programme, what);

/** The programme is over because of a decision, or of what happened to the certificate. (SM-0) */
export const programmeTerminated = (programme: Id, what: ProgrammeEvents['programme.ended']): Event =>
  programmeFact('programme.ended', programme, what);

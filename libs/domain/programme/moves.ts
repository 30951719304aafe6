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

/** Its recertification has begun. (SM-0, SM-8) */
export const programmeRecertifying = (programme: Id): Event =>
  programmeFact('programme.recertifying', programme, {});

/** The next cycle has begun: by a renewal, or by a restoration after expiry. (SM-0, R-PRG-2) */
export const programmeRenewed = (programme: Id, what: ProgrammeEvents['programme.renewed']): Event =>
  programmeFact('programme.renewed', programme, what);

/** The certificate cannot be restored any more; it is for people to go on with a Stage 2, or to end. (I-38) */
export const programmeWindowOver = (
  programme: Id,
  what: ProgrammeEvents['programme.restoration-window-over'],
): Event => programmeFact('programme.restoration-window-over', programme, what);

/** The programme is over because of a decision, or of what happened to the certificate. (SM-0) */
export const programmeTerminated = (programme: Id, what: ProgrammeEvents['programme.ended']): Event =>
  programmeFact('programme.ended', programme, what);

import { isAudit, type Audit } from '../audit/life.js';
import type { CivilDate } from '../instant.js';
import type { Thing } from '../machine.js';
import { auditNames, isGivenUp } from '../roadmap/happened.js';
import { isSurveillance, type Surveillance } from '../surveillance/facts.js';

/** A date of a thing as it stands, or several days. */
export interface Dated {
  /** Unique in its thing. */
  readonly key: string;
  /** Its kind, for people; never a name. */
  readonly what: string;
  readonly from: CivilDate;
  /** The last day, inclusive. */
  readonly to: CivilDate;
  /** True for days in which something lies, such as a planned audit: they take nobody's time. */
  readonly span: boolean;
}

const span = (key: string, what: string, from: CivilDate, to: CivilDate): Dated => ({
  ...{ key, what, span: true },
  ...{ from, to: to < from ? from : to },
});

/** The days that a thing plans: of an audit those on which it is held, of a surveillance its window until it has an audit. */
export function spansOf(thing: Thing): readonly Dated[] {
  if (isAudit(thing)) return daysOf(thing);
  return isSurveillance(thing) ? windowOf(thing) : [];
}

function daysOf(audit: Audit): readonly Dated[] {
  const { auditType, firstDay, lastDay, plannedFrom, plannedTo } = audit;
  const from = firstDay ?? plannedFrom;
  if (from === undefined || isGivenUp(audit)) return [];
  return [span('days', auditNames[auditType], from, lastDay ?? plannedTo ?? from)];
}

const windowOf = ({ stage, opens, closes }: Surveillance): readonly Dated[] =>
  ['forecast', 'windowOpen'].includes(stage) && opens && closes
    ? [span('window', 'window of the surveillance', opens.date, closes.date)]
    : [];

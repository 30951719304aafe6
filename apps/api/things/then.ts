import { policyThen, type Bounds, type Then } from '#domain/as-of.js';
import { isCertificate, statusOn } from '#domain/certificate/life.js';
import { civilDate, isCivilDate, isInstant, type Instant } from '#domain/instant.js';
import type { Thing } from '#domain/machine.js';
import { setBy } from '#domain/policy-version/policy-version.js';
import { civilDateAt } from '#platform/zone.js';
import { Answer, tagOf } from '../http/answer.js';
import { Fault, type FieldFault } from '../http/fault.js';
import type { Sent } from '../http/sent.js';

/** What of the past is asked for; nothing when the present is. */
export function thenIn({ query }: Pick<Sent, 'query'>): Then | undefined {
  const { asOf, knownAt } = query;
  if (asOf === undefined && knownAt === undefined) return undefined;
  return {
    ...(asOf !== undefined && (isCivilDate(asOf) || isInstant(asOf)) ? { asOf } : {}),
    ...(knownAt !== undefined && isInstant(knownAt) ? { knownAt } : {}),
  };
}

/** Where a day begins first. */
const FIRST_ZONE = 'Pacific/Kiritimati';

/** Refuses what lies ahead on a clock. A day does so until it has begun in the zone; without one, until it has begun anywhere. */
export function refuseFuture({ asOf, knownAt }: Then, now: Instant, zone = FIRST_ZONE): void {
  const ahead = (parameter: string, word: string, present: string): FieldFault[] =>
    word > present
      ? [{ parameter, code: 'out-of-range', detail: `${word} lies ahead; the clock shows ${now}.` }]
      : [];
  const errors = [
    ...(asOf === undefined ? [] : ahead('asOf', asOf, isCivilDate(asOf) ? civilDateAt(now, zone) : now)),
    ...(knownAt === undefined ? [] : ahead('knownAt', knownAt, now)),
  ];
  const [first] = errors;
  if (first) throw new Fault('as-of-in-future', `${first.parameter ?? ''}: ${first.detail}`, { errors });
}

/** The past is shown with what was asked of it, and can be kept: its tag is that of the very bytes. */
export function ofThePast(then: Then, body: object): Answer {
  const text = JSON.stringify({ ...body, asOf: then.asOf ?? null, knownAt: then.knownAt ?? null });
  return new Answer(200, text, { etag: tagOf('past', text) });
}

/** What a certificate was worth on the day that is asked about, from its dates alone. (R-GEN-5, R-CAL-17) */
export function statusThen(
  thing: Thing,
  { asOf, knownAt }: Then,
  {
    zone,
    bounds,
    things,
  }: { readonly zone: string; readonly bounds: Bounds; readonly things: readonly Thing[] },
): { status?: string } {
  const when = asOf ?? knownAt;
  if (!isCertificate(thing) || when === undefined) return {};
  const day = isCivilDate(when) ? when : civilDate(civilDateAt(when, zone));
  return {
    status: statusOn(thing, day, policyThen(things, bounds, setBy(thing.organisation))),
  };
}

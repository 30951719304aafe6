import { addDays, addMonths, addBusinessDays, nextBusinessDay, type BusinessCalendar } from './calendar.js';
import type { CivilDate } from './instant.js';
import type { Policy, PolicyKey } from './policy.js';
import type { RuleId } from './refusal.js';

/** A rule's date has no grace; a planned or service date is soft and rolls to a business day. (R-CAL-10, R-CAL-11) */
export type DateKind = 'hard' | 'soft';

/** One way in which a date was computed: rule, anchor, operation, and the policy value in its version. (R-CAL-20) */
export interface Basis {
  readonly date: CivilDate;
  readonly rule: RuleId;
  readonly anchor: { readonly name: string; readonly date: CivilDate };
  readonly operation: string;
  readonly policy?: { readonly key: PolicyKey; readonly value: number; readonly version: number };
}

/** A date that a rule made, with every basis that competed for it. (R-CAL-13, R-CAL-20) */
export interface ExplainedDate {
  readonly date: CivilDate;
  readonly kind: DateKind;
  readonly rule: RuleId;
  readonly basis: readonly Basis[];
  /** The open points of the sources on whose reading it rests; whoever sees the date sees them. */
  readonly interpretations?: readonly RuleId[];
}

/** What `span` needs besides anchor and policy key: the unit in which the key counts, and the rule behind it. */
export interface Span {
  readonly rule: RuleId;
  readonly anchor: { readonly name: string; readonly date: CivilDate };
  readonly key: PolicyKey;
  readonly unit: 'months' | 'days' | 'businessDays';
  readonly direction?: 'after' | 'before';
}

/** One basis: so many months, days or business days after (or before) an anchor, as the policy says. */
export function span({ rule, anchor, key, unit, direction = 'after' }: Span, policy: Policy): Basis {
  const value = policy.number(key);
  const n = direction === 'after' ? value : -value;
  const words = unit === 'businessDays' ? 'business days' : unit;
  return {
    date: move(anchor.date, n, unit, policy.businessCalendar(key)),
    rule,
    anchor,
    operation: `${direction === 'after' ? 'plus' : 'minus'} ${String(value)} ${words}`,
    policy: { key, value, version: policy.edition(key) },
  };
}

function move(anchor: CivilDate, n: number, unit: Span['unit'], calendar: BusinessCalendar): CivilDate {
  if (unit === 'months') return addMonths(anchor, n);
  return unit === 'days' ? addDays(anchor, n) : addBusinessDays(anchor, n, calendar);
}

/** A hard date: the earliest of its bases, and it never rolls. (R-CAL-10, R-CAL-13) */
export const hardDate = (first: Basis, ...more: readonly Basis[]): ExplainedDate =>
  explained('hard', [first, ...more]);

/** A soft date: the earliest of its bases, rolled to the next business day. (R-CAL-11, R-CAL-13) */
export function softDate(policy: Policy, first: Basis, ...more: readonly Basis[]): ExplainedDate {
  const rolled = [first, ...more].map((basis) => ({
    ...basis,
    date: nextBusinessDay(basis.date, policy.businessCalendar(basis.policy?.key)),
  }));
  return explained('soft', rolled);
}

/** The earliest of hard and soft dates, of the kind that rules; all bases stay visible. Nothing owed has no date. (R-CAL-13) */
export function earliestOf(
  dates: { readonly hard: readonly Basis[]; readonly soft: readonly Basis[] },
  policy: Policy,
): ExplainedDate | undefined {
  const [[firstHard, ...hard], [firstSoft, ...soft]] = [dates.hard, dates.soft];
  const never = firstHard && hardDate(firstHard, ...hard);
  const planned = firstSoft && softDate(policy, firstSoft, ...soft);
  if (!never || !planned) return never ?? planned;
  const ruling = planned.date < never.date ? planned : never;
  return { ...ruling, basis: [...never.basis, ...planned.basis] };
}

/** A day that people aim at: soft, and where it falls. (R-CAL-9) */
export const plannedDate = (one: Span, policy: Policy): ExplainedDate =>
  explained('soft', [span(one, policy)]);

/** A soft date with one basis. */
export const softSpan = (one: Span, policy: Policy): ExplainedDate => softDate(policy, span(one, policy));

/** A hard date with one basis. */
export const hardSpan = (one: Span, policy: Policy): ExplainedDate => hardDate(span(one, policy));

/** The date, said to rest on open points of the sources that we read in one way. */
export const readAs = (date: ExplainedDate, ...interpretations: readonly RuleId[]): ExplainedDate => ({
  ...date,
  interpretations,
});

function explained(kind: DateKind, basis: readonly Basis[]): ExplainedDate {
  const ruling = basis.reduce((a, b) => (b.date < a.date ? b : a));
  return { date: ruling.date, kind, rule: ruling.rule, basis };
}

/** The explanation as a sentence for people. (R-CAL-20) */
export function inWords({ date, basis, interpretations = [] }: ExplainedDate): string {
  const ruling = basis.find((one) => one.date === date) ?? basis[0];
  if (!ruling) return date;
  const [sign = '', ...amount] = ruling.operation.split(' ');
  const where = { plus: 'after', minus: 'before' }[sign];
  const how = where === undefined ? `${ruling.operation}, in view of` : `${amount.join(' ')} ${where}`;
  const others = basis.filter((one) => one !== ruling).map((one) => `${one.date} (${one.rule})`);
  const because = others.length > 0 ? `, because that is earlier than ${others.join(' and ')}` : '';
  const read = interpretations.length > 0 ? `, by interpretation ${interpretations.join(', ')}` : '';
  return `${date}: ${how} ${ruling.anchor.name} of ${ruling.anchor.date} (${ruling.rule})${because}${read}.`;
}

import type { Policy } from '../policy.js';
import type { RuleId } from '../refusal.js';
import { timeFor, type AuditTimeTable } from './table.js';

/** The people who do work related to AI in the scope: whole jobs, and the weekly hours of all part-timers together. */
export interface Headcount {
  readonly fullTime: number;
  readonly partTimeHours?: number;
}

/** A sampled site beside the central function, with its own people and the reduction for what it shares. (R-MD1-5) */
export interface SampledSite {
  readonly key: string;
  readonly people: number;
  readonly reductionPercent: number;
}

/** What a calculation starts from. */
export interface AuditTimeInputs {
  /** The name of a loaded table. */
  readonly table: string;
  readonly people: Headcount;
  /** Whether the client has one role towards its AI systems, or several. */
  readonly aiRoles: 'one' | 'several';
  readonly sites?: readonly SampledSite[];
}

/** Something that makes the audit longer (above zero) or shorter. */
export interface Factor {
  readonly factor: string;
  readonly percent: number;
}

/** What changes the time of the table. */
export interface Adjustment {
  readonly factors: readonly Factor[];
  /** The reduction of an integrated audit, applied after all others. (R-MD11-1) */
  readonly integrationPercent?: number;
}

/** One step of a calculation: what went in, what came out, by which rule. All are kept. (SUP-5) */
export interface Step {
  readonly step: 'effective-number' | 'table' | 'factors' | 'sites' | 'integration' | 'rounded';
  readonly rule: RuleId;
  readonly from: number;
  readonly by?: number;
  /** In hundredths of a half day, but for the number of people. */
  readonly result: number;
}

/** The outcome, in half days, with the raw and the capped sum of the factors. (R-MD5-2) */
export interface Calculation {
  readonly initialHalfDays: number;
  readonly surveillanceHalfDays: number;
  readonly recertificationHalfDays: number;
  readonly rawPercent: number;
  readonly cappedPercent: number;
  readonly steps: readonly Step[];
}

const FULL_WEEK_HOURS = 40;
const HUNDREDTHS = 100;

/** Whole jobs, and part-time hours as whole jobs, rounded up. (R-MD5-1) */
export const effectiveNumber = ({ fullTime, partTimeHours = 0 }: Headcount): number =>
  fullTime + Math.ceil(partTimeHours / FULL_WEEK_HOURS);

/** The sum of all factors as given. */
export const rawPercent = ({ factors }: Adjustment): number =>
  factors.reduce((sum, { percent }) => sum + percent, 0);

/**
 * Audit time, step by step: people, table, factors (their net reduction capped), sampled sites, integration last, rounded to
 * half days. Surveillance takes a third of the initial time and recertification two thirds. (R-TIM-1, R-MD5-1, R-MD5-2)
 */
export function calculate(
  inputs: AuditTimeInputs,
  adjustment: Adjustment,
  table: AuditTimeTable,
  policy: Policy,
): Calculation {
  const people = effectiveNumber(inputs.people);
  const base = (timeFor(table, people, inputs.aiRoles) ?? 0) * HUNDREDTHS;
  const raw = rawPercent(adjustment);
  const capped = Math.max(raw, -policy.number('auditTime.maxNetReductionPercent'));
  const adjusted = Math.round((base * (100 + capped)) / 100);
  const withSites = adjusted + timeAtSites(inputs, table);
  const { integrationPercent = 0 } = adjustment;
  const integrated = Math.round((withSites * (100 - integrationPercent)) / 100);
  const initialHalfDays = Math.round(integrated / HUNDREDTHS);
  return {
    initialHalfDays,
    surveillanceHalfDays: Math.round(initialHalfDays / 3),
    recertificationHalfDays: Math.round((initialHalfDays * 2) / 3),
    rawPercent: raw,
    cappedPercent: capped,
    steps: [
      { step: 'effective-number', rule: 'R-MD5-1', from: inputs.people.fullTime, result: people },
      { step: 'table', rule: 'R-MD5-1', from: people, result: base },
      { step: 'factors', rule: 'R-MD5-2', from: base, by: capped, result: adjusted },
      { step: 'sites', rule: 'R-MD1-5', from: adjusted, result: withSites },
      {
        step: 'integration',
        rule: 'R-MD11-1',
        from: withSites,
        by: 0 - integrationPercent,
        result: integrated,
      },
      { step: 'rounded', rule: 'R-MD5-1', from: integrated, result: initialHalfDays * HUNDREDTHS },
    ],
  };
}

const timeAtSites = ({ sites = [], aiRoles }: AuditTimeInputs, table: AuditTimeTable): number =>
  sites
    .map(
      ({ people, reductionPercent }) =>
        (timeFor(table, people, aiRoles) ?? 0) * (HUNDREDTHS - reductionPercent),
    )
    .reduce((sum, time) => sum + time, 0);

/** True when the table reaches far enough for everybody. */
export const reaches = (table: AuditTimeTable, { people, aiRoles, sites = [] }: AuditTimeInputs): boolean =>
  [effectiveNumber(people), ...sites.map((site) => site.people)].every(
    (number) => timeFor(table, number, aiRoles) !== undefined,
  );

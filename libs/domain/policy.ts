import { mondayToFriday, type BusinessCalendar } from './calendar.js';
import type { RuleId } from './refusal.js';

interface Key {
  readonly standard: number;
  readonly rule: RuleId;
  /** Set by a client for its own management system; all others by the body. */
  readonly by?: 'client';
  readonly atLeast?: number;
  readonly atMost?: number;
}

/**
 * The values that a certification body or a client may set, with default and hard limit. They may be stricter than the rules, never
 * looser; 0 for `stage1.maxAgeMonths` and `stage1.minGapDays` means "none". (R-GEN-4)
 */
export const policyKeys = {
  'cycle.months': { standard: 36, rule: 'R-CRT-4', atLeast: 1, atMost: 36 },
  'surveillance1.maxMonthsFromDecision': { standard: 12, rule: 'R-SUR-1', atLeast: 1, atMost: 12 },
  'surveillance2.maxMonthsFromDecision': { standard: 24, rule: 'R-SUR-2b', atLeast: 1, atMost: 24 },
  'surveillance.intervalMonths': { standard: 12, rule: 'R-SUR-2c', atLeast: 1, atMost: 12 },
  'surveillance.targetLeadMonths': { standard: 2, rule: 'R-CAL-9', atLeast: 0 },
  'surveillance.windowBeforeMonths': { standard: 3, rule: 'R-CAL-9', atLeast: 0 },
  'surveillance.windowAfterMonths': { standard: 0, rule: 'R-CAL-9', atLeast: 0 },
  'surveillance.informationAskedDays': { standard: 60, rule: 'SM-7', atLeast: 1 },
  'surveillance.informationDueDays': { standard: 30, rule: 'SM-7', atLeast: 1 },
  'surveillance.majorVerifyDays': { standard: 90, rule: 'R-SUR-5', atLeast: 1 },
  'consequence.decisionBusinessDays': { standard: 10, rule: 'R-CAL-10', atLeast: 1 },
  'recert.startMonthsBefore': { standard: 6, rule: 'R-REC-1', atLeast: 1 },
  'recert.auditMonthsBefore': { standard: 3, rule: 'R-REC-1', atLeast: 1 },
  'recert.decisionDaysBefore': { standard: 30, rule: 'R-REC-1', atLeast: 1 },
  'recert.keepAnniversaryMaxLeadMonths': { standard: 6, rule: 'R-CAL-6', atLeast: 0 },
  'restore.monthsAfterExpiry': { standard: 6, rule: 'R-REC-6', atLeast: 0, atMost: 6 },
  'proposal.validityDays': { standard: 60, rule: 'SM-0', atLeast: 1 },
  'initial.staleReviewMonths': { standard: 12, rule: 'SM-0', atLeast: 1 },
  'team.objectionBusinessDays': { standard: 5, rule: 'R-TEAM-2', atLeast: 1 },
  'audit.planLeadBusinessDays': { standard: 10, rule: 'R-PLAN-1', atLeast: 1 },
  'stage1.validityReviewMonths': { standard: 6, rule: 'R-S1-4', atLeast: 1 },
  'stage1.maxAgeMonths': { standard: 0, rule: 'R-S1-4', atLeast: 0 },
  'stage1.minGapDays': { standard: 0, rule: 'R-S1-6', atLeast: 0 },
  'stage1.concernAnswerBusinessDays': { standard: 10, rule: 'SM-2', atLeast: 0 },
  'stage2.majorVerifyMonths': { standard: 6, rule: 'R-DEC-4', atLeast: 1, atMost: 6 },
  'report.stage1BusinessDays': { standard: 10, rule: 'R-RPT-5', atLeast: 1 },
  'report.businessDays': { standard: 15, rule: 'R-RPT-5', atLeast: 1 },
  'finding.major.planDays': { standard: 30, rule: 'R-FND-4', atLeast: 1 },
  'finding.major.verifyDays': { standard: 90, rule: 'R-FND-5', atLeast: 1 },
  'finding.minor.planDays': { standard: 30, rule: 'R-FND-4', atLeast: 1 },
  'finding.reviewBusinessDays': { standard: 10, rule: 'R-FND-5', atLeast: 1 },
  'finding.internalEffectivenessDays': { standard: 90, rule: 'R-NCA-1', atLeast: 1, by: 'client' },
  'decision.slaBusinessDays': { standard: 20, rule: 'R-DEC-8', atLeast: 1 },
  'decision.quorum': { standard: 1, rule: 'I-30', atLeast: 1 },
  'mark.acknowledgeBusinessDays': { standard: 5, rule: 'R-CRT-7', atLeast: 0 },
  'impartiality.lookbackMonths': { standard: 24, rule: 'R-IMP-3', atLeast: 24 },
  'change.notifyCbBusinessDays': { standard: 10, rule: 'R-CHG-1', atLeast: 1, by: 'client' },
  'auditTime.maxNetReductionPercent': { standard: 30, rule: 'R-MD5-1', atLeast: 0, atMost: 30 },
  'auditTime.minAuditActivityPercent': { standard: 80, rule: 'R-MD5-1', atLeast: 80, atMost: 100 },
  'auditTime.secondApproverAbovePercent': { standard: 20, rule: 'SUP-5', atLeast: 0 },
  'multisite.maxSiteReductionPercent': { standard: 50, rule: 'R-MD1-5', atLeast: 0, atMost: 50 },
  'multisite.minRandomPercent': { standard: 25, rule: 'R-MD1-2', atLeast: 25, atMost: 100 },
  'integrated.maxReductionPercent': { standard: 20, rule: 'R-MD11-1', atLeast: 0, atMost: 20 },
  'readiness.minOperatingMonths': { standard: 3, rule: 'R-S2-3', atLeast: 0, by: 'client' },
  'readiness.trainingCoveragePercent': {
    standard: 95,
    rule: 'R-RDY-4',
    atLeast: 0,
    atMost: 100,
    by: 'client',
  },
  'readiness.progressReviewDays': { standard: 14, rule: 'R-CAL-16', atLeast: 1, by: 'client' },
  'task.somebodyBusinessDays': { standard: 2, rule: 'SUP-0', atLeast: 0 },
  'retention.extraCycles': { standard: 1, rule: 'R-RECORD-1', atLeast: 1 },
} as const satisfies Record<string, Key>;

export type PolicyKey = keyof typeof policyKeys;

/** Open points of the sources that a body may read in more than one way; the first reading is the default. */
export const policyChoices = {
  'surveillance1.extraAnchor': { readings: ['none', 'stage2LastDay'], rule: 'R-SUR-1' },
  'surveillance1.laterCycles': { readings: ['programmeDate', 'hard'], rule: 'I-4' },
  'surveillance.dateBasis': { readings: ['lastDay', 'firstDay'], rule: 'I-1' },
  'surveillance.yearOfSpanningAudit': { readings: ['lastDay', 'firstDay'], rule: 'I-2' },
  'surveillance.startYearLaterCycles': { readings: ['auditYear', 'decisionYear'], rule: 'I-5' },
  'recert.expiryBasis': { readings: ['keepAnniversary', 'fromDecision'], rule: 'R-CAL-6' },
  'expiry.convention': { readings: ['anniversaryMinusOneDay', 'sameDay'], rule: 'R-CAL-5' },
} as const satisfies Record<string, { readonly readings: readonly string[]; readonly rule: RuleId }>;

export type PolicyChoice = keyof typeof policyChoices;

/** The readings among which a body chooses. */
export type Reading<C extends PolicyChoice> = (typeof policyChoices)[C]['readings'][number];

/** What a body has chosen; what it leaves out is read in the first way. */
export type Choices = { readonly [C in PolicyChoice]?: Reading<C> };

/** True for a key of the table. */
export const isPolicyKey = (word: string): word is PolicyKey => Object.hasOwn(policyKeys, word);

/** The limits of a key, as data. */
export const limitsOf = (key: PolicyKey): Key => policyKeys[key];

/** True for a key that clients set, each for its own management system. */
export const isOfClient = (key: PolicyKey): boolean => limitsOf(key).by === 'client';

interface Settings {
  readonly businessCalendar?: BusinessCalendar;
  readonly choices?: Choices;
  /** What the client of a programme has set for its own keys; without it one organisation sets all. */
  readonly client?: Policy;
}

/** What an organisation has set, in a version: pinned by every date that was computed with it. */
export class Policy {
  constructor(
    private readonly version: number = 0,
    private readonly values: Readonly<Partial<Record<PolicyKey, number>>> = {},
    private readonly settings: Settings = {},
  ) {}

  /** The value in force; a looser one that slipped into storage is cut to the hard limit. (R-GEN-4) */
  number(key: PolicyKey): number {
    const { standard, atLeast = 0, atMost = Infinity } = limitsOf(key);
    return Math.min(atMost, Math.max(atLeast, this.behind(key).values[key] ?? standard));
  }

  /** The version that is in force for the key; 0 where none was ever approved. */
  edition(key: PolicyKey): number {
    return this.behind(key).version;
  }

  /** The days on which whoever sets the key works; without a key, the body's. (R-CAL-11) */
  businessCalendar(key?: PolicyKey): BusinessCalendar {
    return (key ? this.behind(key) : this).settings.businessCalendar ?? mondayToFriday;
  }

  /** True when the body reads an open point in this way. */
  reads<C extends PolicyChoice>(point: C, as: Reading<C>): boolean {
    const [standard] = policyChoices[point].readings;
    return (this.settings.choices?.[point] ?? standard) === as;
  }

  private behind(key: PolicyKey): Policy {
    return isOfClient(key) ? (this.settings.client ?? this) : this;
  }
}

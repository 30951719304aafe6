import type { Id } from '../actor.js';
import { addMonths } from '../calendar.js';
import { hardSpan, readAs, type ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import { recorder, type Event, type Evolvers, type Thing } from '../machine.js';
import type { Policy } from '../policy.js';
import type { AiRole } from '../programme/application.js';

/** What a certificate says, but for its texts, which stand apart. (R-CRT-1, R-CRT-3) */
export interface Content {
  /** Number and edition, `ISO/IEC 42001:2023`; an adoption is named as such. (R-GEN-7) */
  readonly standard?: string;
  /** Short names of the sites that it covers. */
  readonly sites: readonly string[];
  readonly scopeVersion?: number;
  readonly soaVersion?: number;
  readonly soaDate?: CivilDate;
  readonly aiRoles: readonly AiRole[];
  /** Whether it is issued under accreditation; it says so either way. (R-CRT-8) */
  readonly accredited?: boolean;
}

/** The signed document of a version, and what it rests on. (INV-9) */
export interface IssuedDocument {
  readonly version: number;
  readonly scopeVersion: number;
  readonly soaVersion: number;
}

/** The certificate of a management system in a scope, from its draft until it can be restored no more. (SM-6) */
export interface Certificate extends Thing, Content {
  readonly kind: 'certificate';
  readonly version: number;
  readonly dossier?: Id;
  readonly decidedOn?: CivilDate;
  readonly effectiveDate?: CivilDate;
  /** The last valid day, inclusive. (R-CAL-5) */
  readonly expiry?: ExplainedDate;
  /** 1 from the grant on; each renewal begins the next. (R-PRG-2) */
  readonly cycle: number;
  /** Every validity that it had, the present one last; a gap between two stays a gap for ever. (R-CAL-7) */
  readonly validities: readonly Validity[];
  readonly documents: readonly IssuedDocument[];
  /** The last day on which it can be restored after expiry. (R-REC-6, I-8) */
  readonly window?: ExplainedDate;
  readonly marksDue?: ExplainedDate;
  readonly marksAcknowledged: boolean;
}

/** A certificate among other things. */
export const isCertificate = (thing: Thing): thing is Certificate => thing.kind === 'certificate';

/** The draft among the things of a programme. */
export const draftAmong = (things: readonly Thing[]): Certificate | undefined =>
  things.filter(isCertificate).find(({ stage }) => stage === 'draft');

/** The certificate of a programme that was granted: the one that lives, before one that has ended for good. */
export function grantedAmong(things: readonly Thing[]): Certificate | undefined {
  const granted = things.filter(isCertificate).filter(({ stage }) => stage !== 'draft' && stage !== 'none');
  return granted.find(({ stage }) => stage !== 'expiredFinally') ?? granted.at(-1);
}

/** How a mark was used. On products and test reports it would say something of a product. (R-CRT-7) */
export const markUses = ['letterhead', 'website', 'advertising', 'vehicle', 'product', 'testReport'] as const;

export type MarkUse = (typeof markUses)[number];

/** The dates that a grant gives to a certificate. */
export interface Validity {
  readonly decidedOn: CivilDate;
  readonly effectiveDate: CivilDate;
  readonly expiry: ExplainedDate;
}

/** What can be recorded on a certificate. Names, addresses and the scope are texts and stand apart. */
export interface CertificateEvents {
  /** What a change of the draft does not name stays as it was. */
  'certificate.drafted': Partial<Content>;
  'certificate.granted': Validity & { dossier: Id; version: number };
  'certificate.renewed': Validity & { dossier: Id; version: number; cycle: number; reenters: true };
  /** `expiredOn` and `auditedOn` stand on the document beside the first date. (R-CRT-2) */
  'certificate.restored-after-expiry': Validity & {
    dossier: Id;
    version: number;
    cycle: number;
    expiredOn: CivilDate;
    auditedOn: CivilDate;
    reenters: true;
  };
  /** Entered anew: the document says other dates now. */
  'certificate.dates-corrected': Validity & { reenters: true };
  'certificate.document-issued': IssuedDocument;
  'certificate.expired': { on: CivilDate; window: ExplainedDate; marksDue: ExplainedDate };
  'certificate.expired-finally': { on: CivilDate };
  /** Its programme has ended: it is not restored any more, and nothing is owed for it. */
  'certificate.closed': object;
  'mark-instructions.acknowledged': { by: Id };
  'mark-use.recorded': { use: MarkUse };
  'mark-misuse.reported': { use: MarkUse };
}

/** Makes the facts of a certificate. */
export const certificate = recorder<CertificateEvents>('certificate');

/** The certificate with one more validity. */
const valid = (state: Certificate, { decidedOn, effectiveDate, expiry }: Validity): Certificate => ({
  ...state,
  validities: [...state.validities, { decidedOn, effectiveDate, expiry }],
});

/** How each fact moves a certificate. */
export const evolve: Evolvers<Certificate, CertificateEvents> = {
  'certificate.drafted': (state, { data }) => ({ ...state, ...data, stage: 'draft' }),
  'certificate.granted': (state, { data }) => ({ ...valid(state, data), ...data, stage: 'active' }),
  // Decided in time and recorded after the last day, it takes back the expiry that was recorded before. (I-7, R-CAL-17)
  'certificate.renewed': ({ window: _, marksDue: __, ...state }, { data: { reenters: ___, ...data } }) => ({
    ...valid(state, data),
    ...data,
    stage: 'active',
  }),
  'certificate.restored-after-expiry': (state, { data: { decidedOn, effectiveDate, expiry, ...data } }) => ({
    ...valid(state, { decidedOn, effectiveDate, expiry }),
    ...{ decidedOn, effectiveDate, expiry, dossier: data.dossier },
    ...{ version: data.version, cycle: data.cycle, stage: 'active' },
  }),
  'certificate.dates-corrected': (state, { data: { reenters: _, ...validity } }) => ({
    ...valid({ ...state, validities: state.validities.slice(0, -1) }, validity),
    ...validity,
  }),
  'certificate.document-issued': (state, { data }) => ({ ...state, documents: [...state.documents, data] }),
  'certificate.expired': (state, { data: { window, marksDue } }) => ({
    ...state,
    ...{ window, marksDue },
    marksAcknowledged: false,
    stage: 'expired',
  }),
  'certificate.expired-finally': (state) => ({ ...state, stage: 'expiredFinally' }),
  'certificate.closed': ({ window: _, marksDue: __, ...state }) => ({ ...state, stage: 'expiredFinally' }),
  'mark-instructions.acknowledged': (state) => ({ ...state, marksAcknowledged: true }),
  'mark-use.recorded': (state) => state,
  'mark-misuse.reported': (state) => state,
};

/** The last day of the restoration window, counted from the expiry day and inclusive. (R-REC-6, I-8) */
export const restorationWindow = (expiry: CivilDate, policy: Policy): ExplainedDate =>
  readAs(
    hardSpan(
      {
        rule: 'R-REC-6',
        anchor: { name: 'expiry', date: expiry },
        key: 'restore.monthsAfterExpiry',
        unit: 'months',
      },
      policy,
    ),
    'I-8',
  );

/** The fact that a draft became a certificate by a decision. */
export const certificateGranted = (draft: Certificate, dossier: Id, validity: Validity): Event =>
  certificate('certificate.granted', draft.id, { ...validity, dossier, version: draft.version + 1 });

/** The fact that a certificate goes on into its next cycle. (R-REC-4, I-20) */
export const certificateRenewed = (of: Certificate, dossier: Id, validity: Validity): Event =>
  certificate('certificate.renewed', of.id, {
    ...{ ...validity, dossier, version: of.version + 1, cycle: of.cycle + 1 },
    reenters: true,
  });

/** The fact that an expired certificate is in force again; between the two it was not. (R-REC-6, R-REC-7, R-CRT-2) */
export const certificateRestored = (
  of: Certificate,
  dossier: Id,
  validity: Validity & { readonly expiredOn: CivilDate; readonly auditedOn: CivilDate },
): Event =>
  certificate('certificate.restored-after-expiry', of.id, {
    ...{ ...validity, dossier, version: of.version + 1, cycle: of.cycle + 1 },
    reenters: true,
  });

/** The fact that the dates of a certificate follow from another decision date than was recorded. (R-CAL-15) */
export const datesCorrected = (of: Certificate, validity: Validity): Event =>
  certificate('certificate.dates-corrected', of.id, { ...validity, reenters: true });

/** What a certificate is worth on a day; `pending` is decided and not yet in effect. */
export type CertificateStatus = 'none' | 'pending' | 'active' | 'restorable' | 'final';

/** The status on any day, from the dates alone: a late process changes nothing. (R-GEN-5, R-CAL-7, R-CAL-17) */
export function statusOn({ validities }: Certificate, day: CivilDate, policy: Policy): CertificateStatus {
  const decided = validities.filter(({ decidedOn }) => decidedOn <= day);
  const begun = decided.filter(({ effectiveDate }) => effectiveDate <= day);
  const last = begun.at(-1);
  if (last && day <= last.expiry.date) return 'active';
  if (decided.length > begun.length) return 'pending';
  if (!last) return 'none';
  const window = addMonths(last.expiry.date, policy.number('restore.monthsAfterExpiry'));
  return day <= window ? 'restorable' : 'final';
}

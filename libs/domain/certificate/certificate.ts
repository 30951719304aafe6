import { bodyRoles } from '../actor.js';
import { addDays } from '../calendar.js';
import { softSpan } from '../explanation.js';
import { nothingYet, type CommandRule, type Machine, type Objection } from '../machine.js';
import type { Obligation } from '../obligation.js';
import { programmeLapsed, programmeWindowOver } from '../programme/moves.js';
import { cycleOver, expiryMissed, windowOver } from '../recertification/cycle.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';
import { draftCertificate, incompleteContent, misleadingWording } from './content.js';
import {
  certificate,
  evolve,
  isCertificate,
  restorationWindow,
  type Certificate,
  type MarkUse,
} from './life.js';

/** Something to say on the document besides its fixed content. */
export interface IssueDocument {
  readonly remark?: string;
}

const issueDocument: CommandRule<Certificate, IssueDocument> = {
  does: 'Issue the signed document of the version that is in force.',
  who: ['scheme-administrator'],
  from: ['active'],
  to: [],
  person: true,
  rules: ['R-CRT-1', 'R-CRT-3', 'R-CRT-7', 'R-GEN-2', 'I-9', 'INV-9', 'R-EVD-1'],
  refuses: ['certificate-content-incomplete', 'misleading-wording'],
  needs: ['evidence'],
  may: (state) => [incompleteContent(state)],
  guard: ({ remark }) => [misleadingWording({ remark })],
  record: ({ remark }, { id, version, scopeVersion = 0, soaVersion = 0 }, { evidence }) => [
    certificate(
      'certificate.document-issued',
      id,
      { version, scopeVersion, soaVersion },
      { evidence, texts: filled({ remark }) },
    ),
  ],
};

const notOver = (state: Certificate, last: string | undefined, today: string): Objection =>
  last !== undefined && today > last
    ? undefined
    : refusal(
        'wrong-state',
        ['R-CAL-2'],
        `It is ${state.stage} until the end of ${last ?? 'a day not yet known'}.`,
      );

const expireCertificate: CommandRule<Certificate> = {
  does: 'Record that the last valid day has passed.',
  who: ['engine'],
  from: ['active'],
  to: ['expired'],
  rules: ['R-CAL-2', 'R-CAL-7', 'R-REC-5', 'R-REC-6', 'R-CRT-7', 'R-GEN-1'],
  refuses: [],
  looks: ['programme', 'recertification', 'surveillance'],
  may: (state, { today }) => [notOver(state, state.expiry?.date, today)],
  record: (_, { id, expiry, programme, cycle }, { today, policy, things }) => {
    const last = expiry?.date ?? today;
    const on = addDays(last, 1);
    const anchor = { name: 'change of status', date: on };
    const key = 'mark.acknowledgeBusinessDays';
    const marksDue = softSpan({ rule: 'R-CRT-7', anchor, key, unit: 'businessDays' }, policy);
    const window = restorationWindow(last, policy);
    return [
      certificate('certificate.expired', id, { on, window, marksDue }),
      ...(programme ? [programmeLapsed(programme, { on })] : []),
      ...expiryMissed(things, id, on),
      ...cycleOver(things, { certificate: id, cycle }),
    ];
  },
};

const endRestorationWindow: CommandRule<Certificate> = {
  does: 'Record that the restoration window is over.',
  who: ['engine'],
  from: ['expired'],
  to: ['expiredFinally'],
  rules: ['R-REC-6', 'I-8', 'I-38', 'R-CAL-2'],
  refuses: [],
  looks: ['programme', 'recertification'],
  may: (state, { today }) => [notOver(state, state.window?.date, today)],
  record: (_, { id, window, programme }, { today, things }) => {
    const on = addDays(window?.date ?? today, 1);
    return [
      certificate('certificate.expired-finally', id, { on }),
      ...windowOver(things, id),
      ...(programme ? [programmeWindowOver(programme, { on })] : []),
    ];
  },
};

const acknowledgeMarkInstructions: CommandRule<Certificate> = {
  does: 'Acknowledge what is no longer allowed with certificate and marks.',
  who: ['aims-manager', 'top-management'],
  from: ['expired', 'expiredFinally'],
  to: [],
  rules: ['R-CRT-7'],
  refuses: [],
  may: ({ marksAcknowledged }) => [
    marksAcknowledged
      ? refusal('wrong-state', ['R-CRT-7'], 'This has been acknowledged already.')
      : undefined,
  ],
  record: (_, { id }, { actor }) => [certificate('mark-instructions.acknowledged', id, { by: actor.human })],
};

/** Where a mark or the certificate was shown. */
export interface RecordMarkUse {
  readonly use: MarkUse;
  readonly where?: string;
}

const isLicensed = ({ stage }: Certificate, use: MarkUse): boolean =>
  stage === 'active' && use !== 'product' && use !== 'testReport';

/** A use outside the licence is not refused, for it has happened: it is recorded as what it is. (R-CRT-7) */
const recordMarkUse: CommandRule<Certificate, RecordMarkUse> = {
  does: 'Record where a mark or the certificate is used.',
  who: ['aims-manager'],
  from: ['active', 'expired', 'expiredFinally'],
  to: [],
  rules: ['R-CRT-7'],
  refuses: [],
  record: ({ use, where }, state) => [
    certificate(
      isLicensed(state, use) ? 'mark-use.recorded' : 'mark-misuse.reported',
      state.id,
      { use },
      { texts: filled({ where }) },
    ),
  ],
};

const reportMarkMisuse: CommandRule<Certificate, RecordMarkUse> = {
  does: 'Report a use of mark or certificate that the licence does not allow.',
  who: bodyRoles,
  from: ['active', 'expired', 'expiredFinally'],
  to: [],
  rules: ['R-CRT-7'],
  refuses: [],
  record: ({ use, where }, { id }) => [
    certificate('mark-misuse.reported', id, { use }, { texts: filled({ where }) }),
  ],
};

/** What a certificate owes: nobody is surprised by its end, by that of the window, or by what marks may still say. */
export function obligations({
  stage,
  expiry,
  window,
  marksDue,
  marksAcknowledged,
}: Certificate): readonly Obligation[] {
  const all = ['aims-manager', 'top-management', 'programme-manager'] as const;
  return [
    ...(stage === 'active' && expiry
      ? [
          {
            key: 'expiry',
            what: 'decision before the certificate expires',
            due: expiry,
            ladder: 'L-LONG',
            owedBy: all,
          } as const,
        ]
      : []),
    ...(stage === 'expired' && window
      ? [
          {
            key: 'restoration-window',
            what: 'restoration after expiry',
            due: window,
            ladder: 'L-LONG',
            escalation: 'X-CB',
            owedBy: all,
          } as const,
        ]
      : []),
    ...(stage.startsWith('expired') && marksDue && !marksAcknowledged
      ? [
          {
            key: 'mark-instructions',
            what: 'acknowledgement of the instructions for marks',
            due: marksDue,
            ladder: 'L-TASK',
            escalation: 'X-CLIENT',
            owedBy: ['aims-manager'],
          } as const,
        ]
      : []),
  ];
}

/** The certificate. It is granted by the decision on its dossier; only its end in time is the engine's. (SM-6) */
export const certificateMachine: Machine<Certificate> = {
  kind: 'certificate',
  prefix: 'crt',
  id: 'SM-6',
  stages: ['draft', 'active', 'expired', 'expiredFinally'],
  ends: ['expiredFinally'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'certificate',
    sites: [],
    aiRoles: [],
    version: 0,
    cycle: 1,
    validities: [],
    documents: [],
    marksAcknowledged: false,
  }),
  is: isCertificate,
  evolve,
  obligations,
  commands: {
    draftCertificate,
    issueDocument,
    expireCertificate,
    endRestorationWindow,
    acknowledgeMarkInstructions,
    recordMarkUse,
    reportMarkMisuse,
  },
};

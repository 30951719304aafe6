import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection, Thing } from '../machine.js';
import type { AiRole } from '../programme/application.js';
import { programmeOf } from '../programme/parties.js';
import { refusal } from '../refusal.js';
import { filled, missing, suggestsCertifiedProduct } from '../wording.js';
import { certificate, isCertificate, type Certificate, type Content } from './life.js';

/** What the certificate will say. It may be incomplete until the dossier is declared complete. (R-CRT-1, R-CRT-3) */
export interface DraftCertificate {
  readonly clientName?: string;
  readonly clientAddress?: string;
  readonly scopeText?: string;
  /** Where the AI activities of the scope begin and end. (R-CRT-3) */
  readonly aiBoundaries?: string;
  readonly bodyName?: string;
  readonly bodyAddress?: string;
  readonly standard?: string;
  readonly sites?: readonly string[];
  readonly scopeVersion?: number;
  readonly soaVersion?: number;
  readonly soaDate?: CivilDate;
  readonly aiRoles?: readonly AiRole[];
  readonly accredited?: boolean;
}

const textFields = [
  'clientName',
  'clientAddress',
  'scopeText',
  'aiBoundaries',
  'bodyName',
  'bodyAddress',
] as const;

/** The fields that a certificate still lacks. (R-CRT-1, R-CRT-3, INV-9) */
export function lacking({ texts, ...state }: Certificate): readonly string[] {
  const { standard, scopeVersion, soaVersion, soaDate } = state;
  const words = Object.fromEntries(textFields.map((name) => [name, texts[name]]));
  return [
    ...missing({ ...words, standard, scopeVersion, soaVersion, soaDate }),
    ...(state.sites.length === 0 ? ['sites'] : []),
    ...(state.aiRoles.length === 0 ? ['aiRoles'] : []),
  ];
}

/** Stands against a certificate that does not say all that it must. (R-CRT-1, R-CRT-3, INV-9) */
export function incompleteContent(draft: Certificate | undefined): Objection {
  const fields = draft ? lacking(draft) : ['draft'];
  return fields.length === 0
    ? undefined
    : refusal(
        'certificate-content-incomplete',
        ['R-CRT-1', 'R-CRT-3', 'I-9', 'INV-9'],
        'The certificate does not say all that it must.',
        {
          missing: fields,
        },
      );
}

/** Stands against words that say or suggest that an AI system or product is certified. (R-GEN-2, R-CRT-1, R-CRT-7) */
export function misleadingWording(texts: Readonly<Record<string, unknown>>): Objection {
  const fields = Object.entries(texts).filter(
    ([, text]) => typeof text === 'string' && suggestsCertifiedProduct(text),
  );
  return fields.length === 0
    ? undefined
    : refusal(
        'misleading-wording',
        ['R-GEN-2', 'R-CRT-1', 'R-CRT-7'],
        'A certificate covers a management system in a scope, never an AI system or product.',
        {
          missing: fields.map(([name]) => name),
          wouldNeed: 'words that speak of the management system',
        },
      );
}

/** A programme has one draft, and none beside a certificate that is in force or can be restored. (SM-6) */
const anotherOne = (state: Certificate, { things }: Context): Objection => {
  const other = things
    .filter(isCertificate)
    .find(({ id, stage }) => id !== state.id && stage !== 'none' && stage !== 'expiredFinally');
  return other
    ? refusal('wrong-state', ['SM-6'], `The programme has a certificate already, which is ${other.stage}.`, {
        because: [{ thing: other.id, act: 'certificate.drafted' }],
      })
    : undefined;
};

const outsideProgramme = (state: Certificate, { under }: Context): Objection =>
  state.stage === 'none' && under?.kind !== 'programme'
    ? refusal('wrong-state', ['SM-6'], 'A certificate is drafted under its programme.')
    : undefined;

/** What the input says; what it does not say stays as the draft had it. */
function contentOf({
  standard,
  sites,
  scopeVersion,
  soaVersion,
  ...more
}: DraftCertificate): Partial<Content> {
  const { soaDate, aiRoles, accredited } = more;
  return {
    ...(standard === undefined ? {} : { standard }),
    ...(sites === undefined ? {} : { sites }),
    ...(scopeVersion === undefined ? {} : { scopeVersion }),
    ...(soaVersion === undefined ? {} : { soaVersion }),
    ...(soaDate === undefined ? {} : { soaDate }),
    ...(aiRoles === undefined ? {} : { aiRoles }),
    ...(accredited === undefined ? {} : { accredited }),
  };
}

const wordsOf = ({
  clientName,
  clientAddress,
  scopeText,
  aiBoundaries,
  bodyName,
  bodyAddress,
}: DraftCertificate) => ({
  ...{ clientName, clientAddress, scopeText },
  ...{ aiBoundaries, bodyName, bodyAddress },
});

const opening = (under: Thing, { actor, newNumber }: Context) => {
  const programme = programmeOf(under);
  return {
    opens: {
      organisation: actor.organisation,
      ...(programme ? { programme } : {}),
      about: under.id,
      visibility: 'both' as const,
      number: newNumber,
    },
  };
};

/** Drafts the certificate, or says more of the draft. (SM-6, R-CRT-1 to R-CRT-3) */
export const draftCertificate: CommandRule<Certificate, DraftCertificate> = {
  does: 'Draft the certificate, or change the draft.',
  who: ['programme-manager', 'scheme-administrator'],
  from: ['none', 'draft'],
  to: ['draft'],
  rules: ['R-CRT-1', 'R-CRT-3', 'R-GEN-2', 'R-CRT-7', 'SM-6'],
  refuses: ['misleading-wording'],
  looks: ['certificate'],
  series: 'C',
  may: (state, context) => [anotherOne(state, context)],
  guard: (input, state, context) => [outsideProgramme(state, context), misleadingWording({ ...input })],
  record: (input, state, context) => [
    certificate('certificate.drafted', state.id, contentOf(input), {
      texts: filled(wordsOf(input)),
      ...(state.stage === 'none' && context.under ? opening(context.under, context) : {}),
    }),
  ],
};

import type { Id } from '../actor.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { organisationIn } from '../organisation/organisation.js';
import { stepsOpened } from '../readiness/moves.js';
import { refusal } from '../refusal.js';
import { factsOf, lacking, wordsOf, type Application } from './application.js';
import { programmeFact, type Programme } from './facts.js';

/** The rules in the version with which new programmes work. (R-GEN-3) */
export const RULE_PACK = '2026-1';

/** One client joins; the body may be named later. */
export interface OpenProgramme {
  /** The client, when a body opens the programme for it. */
  readonly client?: Id;
  /** Until a body is named, the client's zone. (R-CAL-18) */
  readonly governingZone: string;
}

const clientMissing = ({ client }: OpenProgramme, { role }: Context): Objection =>
  role === 'programme-manager' && client === undefined
    ? refusal('application-incomplete', ['R-GEN-6'], 'Name the client for whom the programme is opened.', {
        missing: ['client'],
      })
    : undefined;

/** Opens a programme, and with it the steps of the client's readiness. (SM-0, SM-1) */
export const openProgramme: CommandRule<Programme, OpenProgramme> = {
  does: 'Open a programme.',
  who: ['aims-manager', 'programme-manager'],
  from: ['none'],
  to: ['draft'],
  rules: ['SM-0', 'R-GEN-6', 'SOD-10'],
  refuses: ['application-incomplete', 'separation-of-duties'],
  series: 'PRG',
  people: ({ client }) => (client === undefined ? [] : [client]),
  guard: (input, _, context) => [clientMissing(input, context), sameHumanThere(input.client, context)],
  record: ({ client, governingZone }, { id }, { actor, role, newNumber, newId }) => {
    const forClient = role === 'programme-manager' && client !== undefined;
    const organisation = forClient ? client : actor.organisation;
    const body = forClient ? { certificationBody: actor.organisation } : {};
    return [
      programmeFact(
        'programme.opened',
        id,
        { client: organisation, governingZone, ...body },
        { opens: { organisation, visibility: 'both', number: newNumber } },
      ),
      ...stepsOpened(id, organisation, newId),
    ];
  },
};

const sameHumanThere = (organisation: Id | undefined, { actor }: Context): Objection =>
  organisation !== undefined && actor.alsoIn.includes(organisation)
    ? refusal(
        'separation-of-duties',
        ['SOD-10', 'R-GEN-6'],
        'You have an account in the other organisation too.',
        {
          wouldNeed: 'somebody who belongs to one side alone',
        },
      )
    : undefined;

/** Exactly one body is named, and it is one: an organisation here, or a record that the client keeps. (R-GEN-6) */
function bodyMissing(
  { certificationBody, mirroredBody }: Application,
  state: Programme,
  { things }: Context,
): Objection {
  const body = organisationIn(things, certificationBody ?? '');
  const isHere = body?.side === 'certificationBody' && body.stage === 'active';
  const isRecord = mirroredBody !== undefined && certificationBody === undefined;
  const other = state.certificationBody !== undefined && state.certificationBody !== certificationBody;
  return ((isHere && mirroredBody === undefined) || isRecord) && !other
    ? undefined
    : refusal('certification-body-missing', ['R-GEN-6'], 'Name exactly one certification body.', {
        missing: ['certificationBody'],
      });
}

function incomplete(application: Application): Objection {
  const missing = lacking(application);
  return missing.length === 0
    ? undefined
    : refusal('application-incomplete', ['R-APP-1', 'R-APP-2', 'I-11'], 'The application is not complete.', {
        missing,
      });
}

/** The AIMS manager applies and top management authorises it. (R-APP-1, R-APP-2, R-GEN-6, R-GEN-3) */
export const submitApplication: CommandRule<Programme, Application> = {
  does: 'Apply for certification.',
  who: ['aims-manager'],
  and: ['top-management'],
  from: ['draft'],
  to: ['applied'],
  rules: ['R-APP-1', 'R-APP-2', 'R-GEN-3', 'R-GEN-6', 'R-CAL-18', 'SOD-10', 'I-11'],
  refuses: ['application-incomplete', 'certification-body-missing', 'separation-of-duties'],
  people: ({ certificationBody }) => (certificationBody === undefined ? [] : [certificationBody]),
  guard: (input, state, context) => [
    bodyMissing(input, state, context),
    sameHumanThere(input.certificationBody, context),
    incomplete(input),
  ],
  record: (input, { id, governingZone }, { things }) => {
    const { certificationBody = '', mirroredBody } = input;
    const zone = mirroredBody ? mirroredBody.zone : organisationIn(things, certificationBody)?.zone;
    const applied = { ...factsOf(input), governingZone: zone ?? governingZone, rulePack: RULE_PACK };
    const body = mirroredBody
      ? ({ bodyMode: 'mirrored', accredited: mirroredBody.accredited } as const)
      : { certificationBody };
    return [programmeFact('application.submitted', id, { ...applied, ...body }, { texts: wordsOf(input) })];
  },
};

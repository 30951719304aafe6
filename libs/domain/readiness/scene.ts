import type { Actor } from '../actor.js';
import { document } from '../audit/specification.js';
import type { EvidenceKind } from '../evidence/evidence.js';
import { civilDate } from '../instant.js';
import type { Thing } from '../machine.js';
import { personMachine } from '../person/person.js';
import { programmeMachine } from '../programme/programme.js';
import { body, by, client, command, did, given, person, type Deed, type Past } from '../specification.js';
import { stepsOpened } from './moves.js';
import { readinessMachine } from './readiness.js';
import { requirementIds } from './requirements.js';
import type { ReadinessStep } from './step.js';
import { demanded, termsOf } from './steps.js';

/** The people of a specification of readiness. */
export const people = {
  tom: person({ roles: ['top-management'], id: 'per_tom' }),
  ana: person({ roles: ['aims-manager'], id: 'per_ana' }),
  pat: person({ roles: ['process-owner'], id: 'per_pat' }),
  ivy: person({ roles: ['internal-auditor'], id: 'per_ivy' }),
};
const { tom, ana, pat, ivy } = people;

const account = ({ id, human, grants, organisation }: Actor): Thing => ({
  ...personMachine.initial(id),
  ...{ stage: 'active', organisation, human, grants },
});

const programme: Thing = {
  ...programmeMachine.initial('prg_1'),
  ...{ stage: 'draft', organisation: client, client, certificationBody: body },
};

/** A programme whose thirteen steps are open, `rdy_0` to `rdy_12`. */
export const opened: readonly Past[] = [
  ...Object.values(people).map(account),
  programme,
  ...stepsOpened('prg_1', client, (prefix, n) => `${prefix}_${String(n)}`),
];

type World = ReturnType<typeof given>;

/** That world with more of the past. */
export const world = (...more: readonly Past[]): World => given(...opened, ...more);

/** The step of this number as it stands. */
export const step = (scene: World, n: number): ReadinessStep =>
  scene.thing(readinessMachine, `rdy_${String(n)}`);

/** A command to the step of this number. */
export const to = (n: number, type: string, input: object = {}, more: Parameters<typeof command>[3] = {}) =>
  command(type, `rdy_${String(n)}`, input, more);

/** A file that was attached. */
export const evidence = [{ sha256: 'e'.repeat(64), bytes: 1, type: 'text/plain' }];

/** A dated, approved file of a kind. */
export const dated = (kind: EvidenceKind, on = '2029-01-10'): Thing =>
  document(kind, { datedOn: civilDate(on) });

/** The charter, complete. */
export const charter = {
  goals: ['Answers that treat everybody alike', 'A certificate within a year'],
  resources: 'Two people, half of their time',
  aimsManager: ana.id,
};

/** What each step of the client's own submits. */
export const said: Readonly<Record<number, object>> = {
  1: {
    ...{ climateMatters: false, climateReason: 'One small model, run elsewhere' },
    systems: [{ key: 'assistant', roles: ['provider', 'user'] }],
  },
  5: { trainedPercent: 97 },
};

/** Who starts and submits a step, and who approves it. */
export const carriers: Readonly<Record<number, readonly [Actor, Actor]>> = {
  ...{
    1: [ana, tom],
    2: [ana, tom],
    3: [pat, tom],
    4: [ana, tom],
    5: [pat, ana],
    6: [ivy, tom],
    7: [ana, tom],
  },
};

/** Every file that the gates ask for, in an order of dates that they accept. */
export const files: readonly Thing[] = [
  ...new Set([...demanded.map(([, kind]) => kind), ...[1, 3, 5, 6].flatMap((n) => termsOf(n).evidence)]),
].map((kind) => dated(kind, dateOf(kind)));

function dateOf(kind: EvidenceKind): string {
  if (kind === 'operatingRecord') return '2028-11-20';
  if (kind === 'statementOfApplicability') return '2029-01-20';
  return kind === 'managementReviewRecord' ? '2029-02-01' : '2029-01-10';
}

/** All 68 items rated: what is not named conforms. */
export const rating = (...others: readonly object[]) => ({
  ratings: [{ items: requirementIds, rating: 'conforms' }, ...others],
});

/** The acts between start and submission of a step. */
function between(n: number): readonly Deed[] {
  if (n === 2) return [did(to(2, 'rateRequirement', rating()), by(ana))];
  if (n !== 7) return [];
  const check = {
    candidate: 'norden',
    accredited: true,
    checkedOn: civilDate('2029-02-20'),
    source: 'The register',
  };
  return [
    did(to(7, 'scoreCandidate', { candidate: 'norden', scores }), by(ana)),
    did(to(7, 'checkAccreditation', check), by(ana)),
    did(to(7, 'selectCertificationBody', { candidate: 'norden' }), by(tom)),
  ];
}

/** Scores of a good candidate. */
export const scores = {
  ...{ accreditation: 5, statusFor42006: 4, aiExperience: 4, communication: 5 },
  ...{ impartiality: 5, price: 3, recognition: 4 },
};

/** A step from its start until it waits for its approver. */
export function submitted(n: number): readonly Deed[] {
  const [carrier] = carriers[n] ?? [ana];
  return [
    did(to(n, 'startStep'), by(carrier)),
    ...between(n),
    did(to(n, 'submitStep', said[n] ?? {}, { evidence }), by(carrier)),
  ];
}

/** A step from its start until it is done. */
export const done = (n: number): readonly Deed[] => [
  ...submitted(n),
  did(to(n, 'completeStep'), by((carriers[n] ?? [ana, tom])[1])),
];

/** What the refusals of an answer name as missing. */
export const missingOf = ({ missing }: { readonly missing: readonly string[] }): readonly string[] => missing;

import { isSameHuman, sideOf, type Id, type Who } from '../actor.js';
import type { CivilDate } from '../instant.js';
import {
  nothingYet,
  recorder,
  type CommandRule,
  type Evolvers,
  type Machine,
  type Objection,
  type Thing,
} from '../machine.js';
import {
  isOfClient,
  isPolicyKey,
  limitsOf,
  Policy,
  policyKeys,
  type Choices,
  type PolicyKey,
} from '../policy.js';
import { knownIn, partiesAt, type Around, type Parties } from '../programme/parties.js';
import { refusal } from '../refusal.js';

/** The values that an organisation sets; what it leaves out stands as the rules' default. */
export type PolicyValues = Readonly<Partial<Record<PolicyKey, number>>>;

/** The values of a body or a client in a version, in force once a second person has approved it. (R-GEN-4, SUP-0) */
export interface PolicyVersion extends Thing {
  readonly kind: 'policyVersion';
  readonly values: PolicyValues;
  /** How it reads the open points of the sources. */
  readonly choices: Choices;
  /** Days on which nobody works, beside Saturdays and Sundays. (R-CAL-11) */
  readonly holidays: readonly CivilDate[];
  /** The human who drafted it. */
  readonly draftedBy?: Id;
  /** The place among the approved ones of its organisation, 1, 2, 3 … */
  readonly version: number;
}

/** New values, with the holidays of the years to come. */
export interface DraftPolicy {
  readonly values: PolicyValues;
  readonly choices?: Choices;
  readonly holidays?: readonly CivilDate[];
}

/** A value or a choice as the ledger has it: its keys have dots, and names of members there have none. */
interface Setting<V> {
  readonly key: string;
  readonly value: V;
}

interface PolicyEvents {
  'policy.drafted': {
    values: readonly Setting<number>[];
    choices: readonly Setting<string>[];
    holidays: readonly CivilDate[];
    by: Id;
  };
  'policy.approved': { by: Id; version: number };
}

const policy = recorder<PolicyEvents>('policyVersion');

const settingsOf = <V>(members: Readonly<Record<string, V | undefined>>): readonly Setting<V>[] =>
  Object.entries(members).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
const membersOf = <V>(settings: readonly Setting<V>[]): Readonly<Record<string, V>> =>
  Object.fromEntries(settings.map(({ key, value }) => [key, value]));

const evolve: Evolvers<PolicyVersion, PolicyEvents> = {
  'policy.drafted': (state, { data: { by, values, choices, holidays } }) => ({
    ...state,
    values: membersOf(values),
    choices: membersOf(choices),
    holidays,
    draftedBy: by,
    stage: 'drafted',
  }),
  'policy.approved': (state, { data }) => ({ ...state, version: data.version, stage: 'approved' }),
};

/** The values that are looser than a rule allows, or that no rule knows. (R-GEN-4) */
export function looser(values: PolicyValues): readonly string[] {
  return Object.entries(values)
    .filter(([key, value]) => !isPolicyKey(key) || !isWithin(key, value))
    .map(([key]) => key);
}

function isWithin(key: PolicyKey, value: number): boolean {
  const { atLeast = 0, atMost = Infinity } = limitsOf(key);
  return Number.isInteger(value) && value >= atLeast && value <= atMost;
}

function tooLoose(values: PolicyValues): Objection {
  const keys = looser(values);
  const rules = keys.filter(isPolicyKey).map((key) => policyKeys[key].rule);
  return keys.length === 0
    ? undefined
    : refusal(
        'policy-looser-than-rule',
        ['R-GEN-4', ...new Set(rules)],
        `Looser than the rules: ${keys.join(', ')}.`,
        {
          missing: keys,
        },
      );
}

/** A client may set the body's keys too, for its programmes with a body that is not here; a body never sets a client's. */
function ofClients(values: PolicyValues, role: Who): Objection {
  const keys = Object.keys(values).filter((key) => isPolicyKey(key) && isOfClient(key));
  return sideOf(role) === 'client' || keys.length === 0
    ? undefined
    : refusal('policy-key-of-client', ['R-GEN-4'], `Set by each client for itself: ${keys.join(', ')}.`, {
        missing: keys,
        wouldNeed: 'a policy of the client',
      });
}

const draftPolicy: CommandRule<PolicyVersion, DraftPolicy> = {
  does: 'Draft a version of the policy.',
  who: ['scheme-administrator', 'aims-manager', 'top-management'],
  from: ['none'],
  to: ['drafted'],
  rules: ['R-GEN-4'],
  refuses: ['policy-looser-than-rule', 'policy-key-of-client'],
  series: 'POL',
  guard: ({ values }, _, { role }) => [tooLoose(values), ofClients(values, role)],
  record: ({ values, choices = {}, holidays = [] }, { id }, { actor, newNumber }) => [
    policy(
      'policy.drafted',
      id,
      { values: settingsOf(values), choices: settingsOf(choices), holidays, by: actor.human },
      { opens: { organisation: actor.organisation, visibility: 'owner', number: newNumber } },
    ),
  ],
};

const approvePolicy: CommandRule<PolicyVersion> = {
  does: 'Approve the version; it is in force from now on.',
  who: ['scheme-administrator', 'top-management'],
  from: ['drafted'],
  to: ['approved'],
  person: true,
  rules: ['R-GEN-4', 'SOD-8'],
  refuses: ['four-eyes-required'],
  may: ({ draftedBy, id }, { actor, role }) => [
    draftedBy !== undefined && isSameHuman(actor, draftedBy)
      ? refusal(
          'four-eyes-required',
          ['R-GEN-4', 'SOD-8'],
          'You drafted this version; a second person approves it.',
          {
            whoCould: [role],
            because: [{ thing: id, act: 'policy.drafted' }],
          },
        )
      : undefined,
  ],
  record: (_, { id }, { actor, things }) => [
    policy('policy.approved', id, { by: actor.id, version: approved(things).length + 1 }),
  ],
};

/** The versions of an organisation's policy. The newest approved one is in force; dates computed before keep the one they name. (R-GEN-4) */
export const policyVersionMachine: Machine<PolicyVersion> = {
  kind: 'policyVersion',
  prefix: 'pol',
  id: 'SUP-0',
  stages: ['drafted', 'approved'],
  ends: ['approved'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'policyVersion',
    values: {},
    choices: {},
    holidays: [],
    version: 0,
  }),
  is: (thing): thing is PolicyVersion => thing.kind === 'policyVersion',
  evolve,
  commands: { draftPolicy, approvePolicy },
};

const approved = (things: readonly Thing[]): readonly PolicyVersion[] =>
  things.filter(policyVersionMachine.is).filter(({ stage }) => stage === 'approved');

/** Who sets the keys of a body and of a client where something happens. */
export interface Setters {
  readonly body: Id | undefined;
  readonly client: Id | undefined;
}

/** One organisation sets all. A certificate is its body's, or where the body is a record its client's: who sets the body's keys. */
export const setBy = (organisation: Id): Setters => ({ body: organisation, client: organisation });

/** Each side of a programme sets its own; where the body is a record, the client all. Outside of programmes the owner does. (R-GEN-4) */
export function settersOf(parties: Parties | undefined, owner: Id): Setters {
  if (!parties) return setBy(owner);
  const { client, certificationBody, bodyMode } = parties;
  return { client, body: bodyMode === 'mirrored' ? client : certificationBody };
}

/** The policy in force among the versions that were read; the rules' defaults where nobody has set anything. */
export function policyOf(things: readonly Thing[], { body, client }: Setters): Policy {
  const versions = approved(things);
  return policyIn(newest(versions, body), policyIn(newest(versions, client)));
}

/** The policy that counts for a command, among what was read for it. */
export const policyFor = (around: Around, owner: Id): Policy =>
  policyOf(knownIn(around), settersOf(partiesAt(around), owner));

const newest = (
  versions: readonly PolicyVersion[],
  organisation: Id | undefined,
): PolicyVersion | undefined =>
  versions.filter((one) => one.organisation === organisation).toSorted((a, b) => b.version - a.version)[0];

function policyIn(found: PolicyVersion | undefined, client?: Policy): Policy {
  const besides = client ? { client } : {};
  if (!found) return new Policy(0, {}, besides);
  const { version, values, choices, holidays } = found;
  return new Policy(version, values, { businessCalendar: { version, holidays }, choices, ...besides });
}

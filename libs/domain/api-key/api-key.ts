import type { Actor, Id, Role } from '../actor.js';
import { addDays, addMonths } from '../calendar.js';
import { civilDate, type CivilDate } from '../instant.js';
import {
  nothingYet,
  recorder,
  type CommandRule,
  type Context,
  type Event,
  type Evolvers,
  type Machine,
  type Objection,
  type Thing,
} from '../machine.js';
import { givenByAdministrator } from '../person/grants.js';
import { refusal } from '../refusal.js';

/** A machine's way in: the hash of the key, what it may be, until when. The key itself is shown once and kept nowhere. (SUP-0) */
export interface ApiKey extends Thing {
  readonly kind: 'apiKey';
  /** SHA-256 of the key, in hex. */
  readonly hash: string;
  /** Its first characters, by which people tell keys apart. */
  readonly shown: string;
  readonly roles: readonly Role[];
  readonly scopes: readonly string[];
  /** Who made it: what the key does, that human does. (SUP-0) */
  readonly human?: Id;
  readonly madeOn: CivilDate;
  readonly expiresOn: CivilDate;
}

/** A new key; only its hash comes here. */
export interface MakeKey {
  readonly hash: string;
  readonly shown: string;
  readonly name?: string;
  readonly roles: readonly Role[];
  readonly scopes: readonly string[];
  readonly expiresOn?: CivilDate;
}

/** A successor for a key, with the last day on which the old one still counts. */
export interface RotateKey {
  readonly hash: string;
  readonly shown: string;
  readonly overlapDays?: number;
}

type KeyFacts = Pick<ApiKey, 'hash' | 'shown' | 'roles' | 'scopes' | 'human' | 'madeOn' | 'expiresOn'>;

interface ApiKeyEvents {
  'api-key.made': KeyFacts;
  'api-key.rotated': { successor: Id; expiresOn: CivilDate };
  'api-key.revoked': object;
}

const key = recorder<ApiKeyEvents>('apiKey');

const evolve: Evolvers<ApiKey, ApiKeyEvents> = {
  'api-key.made': (state, { data }) => ({ ...state, ...data, stage: 'active' }),
  'api-key.rotated': (state, { data }) => ({ ...state, expiresOn: data.expiresOn }),
  'api-key.revoked': (state) => ({ ...state, stage: 'revoked' }),
};

/** Who keeps the ways by which machines reach an organisation. */
export const keepers: readonly Role[] = [
  'top-management',
  'aims-manager',
  'scheme-administrator',
  'system-administrator',
];

/** A key prepares and triggers; it never holds a role that approves, audits or decides. (R-GEN-1) */
export const rolesOfKeys: readonly Role[] = [
  ...(['aims-manager', 'process-owner', 'ai-system-owner', 'employee'] as const),
  ...(['programme-manager', 'observer', 'system-administrator'] as const),
];

const STANDARD_DAYS = 90;
const LONGEST_MONTHS = 12;
const LONGEST_OVERLAP_DAYS = 7;

const rolesTooHigh = ({ roles }: MakeKey): Objection => {
  const over = roles.filter((role) => !rolesOfKeys.includes(role));
  return over.length === 0
    ? undefined
    : refusal('person-required', ['R-GEN-1'], `Only people hold ${over.join(', ')}.`, { missing: over });
};

const livesTooLong = ({ expiresOn }: MakeKey, { today }: Context): Objection =>
  expiresOn !== undefined && (expiresOn > addMonths(today, LONGEST_MONTHS) || expiresOn < today)
    ? refusal('policy-looser-than-rule', ['SUP-0'], 'A key lives from today on, for a year at most.', {
        missing: ['expiresOn'],
      })
    : undefined;

/** The first key of an installation, made by nobody: an administrator's that opens no programme. (SOD-12) */
export const firstKeyMade = (
  id: Id,
  organisation: Id,
  facts: Omit<KeyFacts, 'roles'> & { readonly name: string },
): Event => {
  const { name, ...rest } = facts;
  return key(
    'api-key.made',
    id,
    { ...rest, roles: ['system-administrator'] },
    { opens: { organisation, visibility: 'owner' }, texts: { name } },
  );
};

const makeKey: CommandRule<ApiKey, MakeKey> = {
  does: 'Make a key for a machine.',
  who: keepers,
  from: ['none'],
  to: ['active'],
  rules: ['SUP-0', 'R-GEN-1', 'SOD-12'],
  refuses: ['person-required', 'policy-looser-than-rule', 'not-permitted'],
  guard: (input, _, context) => [
    rolesTooHigh(input),
    givenByAdministrator(input.roles, context),
    livesTooLong(input, context),
  ],
  record: ({ name, expiresOn, ...facts }, { id }, { actor, under, today }) => [
    key(
      'api-key.made',
      id,
      { ...facts, human: actor.human, madeOn: today, expiresOn: expiresOn ?? addDays(today, STANDARD_DAYS) },
      {
        opens: { organisation: under?.id ?? actor.organisation, visibility: 'owner' },
        ...(name === undefined ? {} : { texts: { name } }),
      },
    ),
  ],
};

const rotateKey: CommandRule<ApiKey, RotateKey> = {
  does: 'Replace the key; the old one counts for a few days more.',
  who: keepers,
  from: ['active'],
  to: [],
  rules: ['SUP-0'],
  refuses: ['policy-looser-than-rule'],
  guard: ({ overlapDays = 0 }) => [
    overlapDays < 0 || overlapDays > LONGEST_OVERLAP_DAYS
      ? refusal('policy-looser-than-rule', ['SUP-0'], 'The old key counts for seven days more at most.')
      : undefined,
  ],
  record: ({ hash, shown, overlapDays = 0 }, state, { actor, today, newId }) => {
    const { id, organisation, roles, scopes, expiresOn } = state;
    const successor = newId('key', 0);
    const last = addDays(today, overlapDays);
    return [
      key('api-key.rotated', id, { successor, expiresOn: last < expiresOn ? last : expiresOn }),
      key(
        'api-key.made',
        successor,
        {
          hash,
          shown,
          roles,
          scopes,
          human: actor.human,
          madeOn: today,
          expiresOn: addDays(today, STANDARD_DAYS),
        },
        { opens: { organisation, visibility: 'owner' } },
      ),
    ];
  },
};

const revokeKey: CommandRule<ApiKey> = {
  does: 'Make the key invalid at once.',
  who: keepers,
  from: ['active'],
  to: ['revoked'],
  rules: ['SUP-0'],
  refuses: [],
  record: (_, { id }) => [key('api-key.revoked', id, {})],
};

/** The keys of machines. A key that is past its last day is expired, whatever else happens: status comes from dates. (SUP-0) */
export const apiKeyMachine: Machine<ApiKey> = {
  kind: 'apiKey',
  prefix: 'key',
  id: 'SUP-0',
  stages: ['active', 'revoked'],
  ends: ['revoked'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'apiKey',
    hash: '',
    shown: '',
    roles: [],
    scopes: [],
    madeOn: civilDate('1900-01-01'),
    expiresOn: civilDate('1900-01-01'),
  }),
  is: (thing): thing is ApiKey => thing.kind === 'apiKey',
  evolve,
  commands: { makeKey, rotateKey, revokeKey },
};

/** A machine as it acts: the roles of its key until the key's last day. */
export const actorOfKey = ({ id, human = id, organisation, stage, ...key }: ApiKey): Actor => ({
  id,
  kind: 'machine',
  organisation,
  human,
  grants:
    stage === 'active' ? key.roles.map((role) => ({ role, from: key.madeOn, until: key.expiresOn })) : [],
  alsoIn: [],
});

import type { CivilDate } from './instant.js';

/** A prefixed id, `fnd_` and 26 characters. The prefix says what it names. */
export type Id = string;

/** The roles of the client organisation. */
export const clientRoles = [
  'top-management',
  'aims-manager',
  'process-owner',
  'ai-system-owner',
  'internal-auditor',
  'employee',
] as const;

/** The roles of the certification body; a signatory is a programme manager or scheme administrator who may sign for it. */
export const bodyRoles = [
  'programme-manager',
  'lead-auditor',
  'auditor',
  'technical-expert',
  'decision-maker',
  'scheme-administrator',
  'signatory',
] as const;

/** The roles of either side: accounts of the installation, and read-only visitors. */
export const neutralRoles = ['system-administrator', 'observer'] as const;

export type ClientRole = (typeof clientRoles)[number];
export type BodyRole = (typeof bodyRoles)[number];
export type Role = ClientRole | BodyRole | (typeof neutralRoles)[number];

/** Who may issue a command: people in roles, or Perennial itself with the few commands that are the engine's. (R-GEN-1) */
export type Who = Role | 'engine';

/** The two sides of a programme; no human acts on both. (R-GEN-6, SOD-10) */
export type Side = 'client' | 'certificationBody';

/** A role held for a time, in one programme or, without it, in all of the organisation. Both days count. */
export interface Grant {
  readonly role: Role;
  readonly programme?: Id;
  readonly from: CivilDate;
  readonly until?: CivilDate;
  /** Whose role it is, where a colleague holds it for them. (SOD-15) */
  readonly for?: OnBehalf & { readonly delegation: Id };
}

/** The person for whom somebody acts: the account and the human behind it. */
export interface OnBehalf {
  readonly account: Id;
  readonly human: Id;
}

/** Who issues a command: a person, a machine with an API key, or a process of Perennial (`engine`). */
export interface Actor {
  readonly id: Id;
  readonly kind: 'person' | 'machine' | 'engine';
  readonly organisation: Id;
  /** The human behind the account; the same for all accounts of one human. */
  readonly human: Id;
  readonly grants: readonly Grant[];
  /** Other organisations in which the same human has an account. (SOD-10) */
  readonly alsoIn: readonly Id[];
}

const isOneOf = <T extends string>(list: readonly T[], word: string): word is T =>
  list.some((known) => known === word);

/** True for every role of people. */
export const isRole = (word: Who): word is Role => word !== 'engine';

/** True for a word that is the code of a role. */
export const isRoleCode = (word: string): word is Role =>
  isOneOf(clientRoles, word) || isOneOf(bodyRoles, word) || isOneOf(neutralRoles, word);

/** The side to which a role belongs; none for accounts of the installation, observers and the engine. */
export function sideOf(role: Who): Side | undefined {
  if (isOneOf(clientRoles, role)) return 'client';
  return isOneOf(bodyRoles, role) ? 'certificationBody' : undefined;
}

/** True when the id is an account of the human who acts, or that human. */
export const isSameHuman = ({ id, human }: Pick<Actor, 'id' | 'human'>, other: Id): boolean =>
  other === id || other === human;

/** True for a day within those of the grant; both of them count. */
export const holdsOn = ({ from, until }: Grant, day: CivilDate): boolean =>
  from <= day && (until === undefined || day <= until);

/** The grants that hold on a day in a programme: one's own, and those held for somebody else. */
export const grantsOn = (
  { grants }: Pick<Actor, 'grants'>,
  day: CivilDate,
  programme: Id | undefined,
): readonly Grant[] =>
  grants
    .filter((grant) => holdsOn(grant, day))
    .filter((grant) => grant.programme === undefined || grant.programme === programme);

/** True when the role is one's own on a day in a programme, and held for nobody else. (SOD-15) */
export const isOwnRole = (
  role: Role,
  actor: Pick<Actor, 'grants'>,
  day: CivilDate,
  programme: Id | undefined,
): boolean => grantsOn(actor, day, programme).some((grant) => grant.role === role && grant.for === undefined);

/** The accounts for which somebody holds roles. (SOD-15) */
export const heldFor = ({ grants }: Pick<Actor, 'grants'>): readonly Id[] => [
  ...new Set(grants.flatMap((grant) => grant.for?.account ?? [])),
];

/** The roles that an actor holds on a day in a programme. */
export const rolesOn = (
  actor: Pick<Actor, 'grants'>,
  day: CivilDate,
  programme: Id | undefined,
): readonly Role[] => grantsOn(actor, day, programme).map(({ role }) => role);

import type { Id } from '../actor.js';
import { filled, missing } from '../wording.js';

/** What an organisation is towards an AI system; several at once are normal. (R-APP-2) */
export const aiRoles = ['provider', 'producer', 'developer', 'customer', 'user', 'partner', 'other'] as const;

export type AiRole = (typeof aiRoles)[number];

/** A standard in an edition, with its adoption if it is one: never an enumeration of one. (R-GEN-7) */
export interface Standard {
  readonly number: string;
  readonly edition: number;
  readonly adoption?: string;
}

/** A place of work in the scope, under a short key such as `head-office`. */
export interface Site {
  readonly key: string;
  readonly address: string;
  readonly people: number;
  /** True for the one central function. (R-MD1-1) */
  readonly central: boolean;
}

/** An AI system in the scope, under a short key, with the client's roles towards it. */
export interface AiSystemInScope {
  readonly key: string;
  readonly name: string;
  readonly roles: readonly AiRole[];
  readonly purpose: string;
}

/** What a client records of a body that is not on Perennial. */
export interface MirroredBody {
  readonly name: string;
  /** Whether it is accredited for this standard. (R-CRT-8) */
  readonly accredited: boolean;
  /** The zone in which the body reads civil dates; without it that of the programme stays. (R-CAL-18) */
  readonly zone?: string;
}

/** What a client applies with. What is missing is named when it is submitted, all at once. (R-APP-1, R-APP-2) */
export interface Application {
  readonly certificationBody?: Id;
  /** A body that is not on Perennial, of which the client keeps a record. */
  readonly mirroredBody?: MirroredBody;
  readonly standard?: Standard;
  readonly scope?: string;
  /** Legal entity, with its address. */
  readonly legalEntity?: string;
  readonly sites?: readonly Site[];
  readonly processes?: string;
  readonly people?: number;
  /** Outsourced processes that affect conformity; `none` when there are none. */
  readonly outsourced?: string;
  /** Who gave consultancy for the system; `none` when nobody did. */
  readonly consultancy?: string;
  readonly aiSystems?: readonly AiSystemInScope[];
  /** People who do work related to AI. */
  readonly aiPeople?: number;
  /** Countries, by their two letters. */
  readonly jurisdictions?: readonly string[];
}

/** The names of everything that an application lacks. (R-APP-1, R-APP-2) */
export function lacking(application: Application): readonly string[] {
  const { standard, scope, legalEntity, processes, people, outsourced, consultancy, aiPeople } = application;
  return [
    ...missing({ standard, scope, legalEntity, processes, people, outsourced, consultancy, aiPeople }),
    ...lackingSites(application),
    ...lackingAiSystems(application),
    ...(application.jurisdictions?.length ? [] : ['jurisdictions']),
  ];
}

function lackingSites({ sites = [] }: Application): readonly string[] {
  if (sites.length === 0) return ['sites'];
  const addresses = sites
    .filter(({ address }) => address.trim() === '')
    .map(({ key }) => `sites.${key}.address`);
  const central = sites.filter((site) => site.central).length;
  return [...addresses, ...(central === 1 ? [] : ['sites.central']), ...repeated('sites', sites)];
}

function lackingAiSystems({ aiSystems = [] }: Application): readonly string[] {
  if (aiSystems.length === 0) return ['aiSystems'];
  const parts = aiSystems.flatMap(({ key, roles, purpose }) => [
    ...(roles.length > 0 ? [] : [`aiSystems.${key}.roles`]),
    ...(purpose.trim() === '' ? [`aiSystems.${key}.purpose`] : []),
  ]);
  return [...parts, ...repeated('aiSystems', aiSystems)];
}

const repeated = (name: string, list: readonly { readonly key: string }[]): readonly string[] =>
  list
    .filter(({ key }, place) => list.findIndex((one) => one.key === key) !== place)
    .map(({ key }) => `${name}.${key}`);

/** The parts of an application that are words of people, by name. */
export function wordsOf(application: Application): Readonly<Record<string, string>> {
  const { scope, legalEntity, processes, outsourced, consultancy, sites = [], aiSystems = [] } = application;
  return filled({
    ...{ scope, legalEntity, processes, outsourced, consultancy },
    certificationBody: application.mirroredBody?.name,
    ...Object.fromEntries(sites.map(({ key, address }) => [`site.${key}`, address])),
    ...Object.fromEntries(
      aiSystems.map(({ key, name, purpose }) => [`aiSystem.${key}`, `${name}: ${purpose}`]),
    ),
  });
}

/** What a programme keeps of its application beside the words. */
export interface Applied {
  readonly standard: Standard;
  readonly sites: readonly Pick<Site, 'key' | 'people' | 'central'>[];
  readonly aiSystems: readonly Pick<AiSystemInScope, 'key' | 'roles'>[];
  readonly people: number;
  readonly aiPeople: number;
  readonly jurisdictions: readonly string[];
}

/** The parts of an application that are numbers, keys and codes. */
export const factsOf = (application: Application): Applied => ({
  standard: application.standard ?? { number: 'ISO/IEC 42001', edition: 2023 },
  sites: (application.sites ?? []).map(({ key, people, central }) => ({ key, people, central })),
  aiSystems: (application.aiSystems ?? []).map(({ key, roles }) => ({ key, roles })),
  people: application.people ?? 0,
  aiPeople: application.aiPeople ?? 0,
  jurisdictions: application.jurisdictions ?? [],
});

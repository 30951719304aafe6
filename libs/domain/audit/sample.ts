import type { Objection } from '../machine.js';
import type { Policy } from '../policy.js';
import { refusal } from '../refusal.js';

/** The sites that an audit visits, out of all that the programme covers. The central function comes on top. (R-MD1-2) */
export interface SiteSample {
  /** How many sites the programme covers besides the central function. */
  readonly ofSites: number;
  /** How many of them are visited. */
  readonly visited: number;
  /** How many of the visited ones were drawn at random, the rest by risk. */
  readonly random: number;
  readonly centralFunction: boolean;
  /** False when the sites are too different to be sampled: then all are visited. (R-MD1-3) */
  readonly similar: boolean;
}

/** The fewest sites of an initial audit: the root of their number rounded up, or all where sampling does not fit. (R-MD1-2, R-MD1-3) */
export const leastSample = ({ ofSites, similar }: Pick<SiteSample, 'ofSites' | 'similar'>): number =>
  similar ? Math.ceil(Math.sqrt(ofSites)) : ofSites;

/** The fewest sites that are drawn at random; none where all are visited. (R-MD1-2) */
export const leastRandom = ({ visited, ofSites }: SiteSample, policy: Policy): number =>
  visited >= ofSites ? 0 : Math.ceil((visited * policy.number('multisite.minRandomPercent')) / 100);

/** A sample that is too small, leaves out the central function, or has too little chance in it. (R-MS-1, R-MD1-2, R-MD1-3) */
export function sampleTooSmall(sample: SiteSample | undefined, sites: number, policy: Policy): Objection {
  if (sites <= 1) return undefined;
  const told = { ofSites: sites - 1, visited: 0, random: 0, centralFunction: false, similar: true };
  const { visited, random, centralFunction, ...rest } = { ...told, ...sample, ofSites: sites - 1 };
  const [least, drawn] = [
    leastSample(rest),
    leastRandom({ visited, random, centralFunction, ...rest }, policy),
  ];
  if (visited >= least && random >= drawn && centralFunction) return undefined;
  return refusal('sample-too-small', ['R-MS-1', 'R-MD1-2', 'R-MD1-3'], 'The sample of sites is too small.', {
    wouldNeed: `the central function, at least ${String(least)} other sites, ${String(drawn)} of them drawn at random`,
  });
}

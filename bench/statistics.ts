/** What one side did in one round, as it stands in the result file. */
export interface RoundRow {
  readonly workload: string;
  readonly side: string;
  readonly round: number;
  readonly concurrency: number;
  readonly seconds: number;
  readonly mode: 'closed';
  readonly completed: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly latencyMs?: Latencies;
}

interface Latencies {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
}

export type Verdict = 'met' | 'missed' | 'unsteady';

/** How ours compares with the bare thing beside it, or with a bound, and what the goal says of it. */
export interface RatioRow {
  readonly workload: string;
  readonly metric: string;
  readonly against: string;
  readonly concurrency: number;
  readonly goal: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly spread: number;
  readonly verdict: Verdict;
}

/** Everything that was measured of one workload. */
export interface Measured {
  readonly rounds: readonly RoundRow[];
  readonly ratios: readonly RatioRow[];
}

/** What a workload is called, against what it is held, and what would be good. */
export type Aim = Pick<RatioRow, 'workload' | 'metric' | 'against' | 'concurrency'> & {
  readonly goal: `${'<=' | '>='} ${number}`;
};

/** A spread of a quarter or more of the median decides nothing when the goal lies within it. */
const STEADY = 0.25;

/** Ratios of rounds that ran beside each other, one by one. */
export const ratioOf = (aim: Aim, ours: readonly number[], bare: readonly number[]): RatioRow =>
  against(
    aim,
    ours.map((one, place) => one / (bare[place] ?? Infinity)),
  );

/** Figures of several rounds against the goal. */
export function against(aim: Aim, figures: readonly number[]): RatioRow {
  const sorted = figures.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const [min = NaN, max = NaN] = [sorted[0], sorted.at(-1)];
  const [sign, bound = ''] = aim.goal.split(' ');
  const holds = (one: number): boolean => (sign === '<=' ? one <= Number(bound) : one >= Number(bound));
  const spread = (max - min) / median;
  const verdict =
    spread >= STEADY && holds(min) !== holds(max) ? 'unsteady' : holds(median) ? 'met' : 'missed';
  return { ...aim, median: round(median), min: round(min), max: round(max), spread: round(spread), verdict };
}

export const round = (n: number): number => Math.round(n * 1000) / 1000;

/** Quantiles of latencies in milliseconds. */
export function latenciesOf(all: readonly number[]): Latencies {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (q: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN);
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999) };
}

/** Closed loop: so many clients, each beginning its next cycle when the last is complete, for so long. */
export async function closedLoop(
  { concurrency, seconds }: { readonly concurrency: number; readonly seconds: number },
  cycle: (client: number) => Promise<void>,
): Promise<
  Pick<RoundRow, 'completed' | 'failed' | 'perSecond' | 'latencyMs' | 'seconds' | 'concurrency' | 'mode'>
> {
  const latencies: number[] = [];
  const began = performance.now();
  const end = began + seconds * 1000;
  const client = async (which: number): Promise<void> => {
    while (performance.now() < end) {
      const at = performance.now();
      await cycle(which);
      latencies.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, (_, which) => client(which)));
  const took = (performance.now() - began) / 1000;
  return {
    ...{ mode: 'closed', concurrency, seconds: round(took), completed: latencies.length, failed: 0 },
    ...{ perSecond: round(latencies.length / took), latencyMs: latenciesOf(latencies) },
  };
}

/** What a side of a comparison did in one round. */
export interface Round {
  /** Milliseconds of each completed cycle. */
  readonly latencies: readonly number[];
  readonly seconds: number;
}

export interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly completed: number;
}

/** Throughput and latencies of a round. */
export function figuresOf({ latencies, seconds }: Round): Figures {
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    perSecond: round(latencies.length / seconds),
    p50: round(quantile(sorted, 0.5)),
    p99: round(quantile(sorted, 0.99)),
    completed: latencies.length,
  };
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;

/** The median with the least and the largest; a spread of a quarter or more decides nothing. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly steady: boolean;
}

/** How the rounds of ours compare with the rounds beside them. */
export function ratioOf(ours: readonly number[], bare: readonly number[]): Ratio {
  const ratios = ours.map((one, place) => one / (bare[place] ?? Infinity)).toSorted((a, b) => a - b);
  const median = ratios[Math.floor(ratios.length / 2)] ?? 0;
  const [min = 0, max = 0] = [ratios[0], ratios.at(-1)];
  return { median: round(median), min: round(min), max: round(max), steady: (max - min) / median < 0.25 };
}

export const round = (n: number): number => Math.round(n * 1000) / 1000;

/** Closed loop: so many clients, each beginning its next cycle when the last is complete, for so long. */
export async function closedLoop(
  clients: number,
  seconds: number,
  cycle: (client: number) => Promise<void>,
): Promise<Round> {
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
  await Promise.all(Array.from({ length: clients }, (_, which) => client(which)));
  return { latencies, seconds: (performance.now() - began) / 1000 };
}

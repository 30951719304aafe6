/** What time it is on the machine, in milliseconds; handed in, so that a test can say what time it is. */
export interface Clock {
  now: () => number;
}

export const machineClock: Clock = { now: () => Date.now() };

export const instantOf = (clock: Clock): string => new Date(clock.now()).toISOString();

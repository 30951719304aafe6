import { Fault } from '../http/fault.js';

/** Somebody has to wait for so many seconds. */
export const tooOften = (seconds: number): Fault =>
  new Fault('rate-limited', `Try again in ${String(seconds)} seconds.`, {
    headers: { 'retry-after': String(seconds) },
  });

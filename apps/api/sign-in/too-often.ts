import { TooBusy } from '#platform/password-hash.js';
import { Fault } from '../http/fault.js';

const BUSY_S = 5;

/** Somebody has to wait for so many seconds. */
export const tooOften = (seconds: number): Fault =>
  new Fault('rate-limited', `Try again in ${String(seconds)} seconds.`, {
    headers: { 'retry-after': String(seconds) },
  });

/** What a computation that found no time for somebody is told as; everything else is thrown as it is. */
export const whenBusy = (error: unknown): unknown => (error instanceof TooBusy ? tooOften(BUSY_S) : error);

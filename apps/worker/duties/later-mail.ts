import { instant, type Instant } from '#domain/instant.js';
import type { NoticeCopies } from '#database/notice-copies.js';
import type { Clock } from '#platform/clock.js';
import type { Log } from '#platform/log.js';
import type { Delivery } from '../mail/delivery.js';
import { isNobodyThere } from '../mail/post.js';
import { startLoop, type Loop } from './loop.js';

const IDLE_MS = 5_000;
/** How long a mail may be under way before it is taken to be lost, and sent again under the same Message-ID. */
const LEASE_MS = 120_000;

/** What the sending of what has waited works with. */
export interface LaterMailParts {
  readonly copies: NoticeCopies;
  readonly delivery: Delivery;
  readonly clock: Clock;
  readonly log: Log;
}

/** Mails digests, and what waited for the end of quiet hours. A mail server that is away is asked again until it is back. */
export const startLaterMail = (parts: LaterMailParts): Loop =>
  startLoop(() => sendNext(parts), { name: 'later-mail', idleMs: IDLE_MS, log: parts.log });

/** What cannot be sent to one person for now keeps nobody else waiting. */
async function sendNext({ copies, delivery, clock, log }: LaterMailParts): Promise<boolean> {
  const now = (): Instant => instant(new Date(clock.now()).toISOString());
  const due = await copies.take(now(), LEASE_MS);
  if (due === undefined) return false;
  try {
    const answer = await delivery.deliverLater(due);
    if (answer !== undefined) log.warn({ ...due, answer }, 'the mail server refuses a mail for good');
    await copies.sent(due, now(), answer);
  } catch (error) {
    await copies.putOff(due, now());
    if (isNobodyThere(error)) throw error;
    log.warn({ err: error, ...due }, 'a mail was not sent; tried again later');
  }
  return true;
}

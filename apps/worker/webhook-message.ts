import { createHmac, createPrivateKey, sign } from 'node:crypto';
import { eventOf } from '#contract/cloud-event.js';
import type { PlacedEntry } from '#database/reading/events.js';
import type { Call } from '#database/webhooks.js';
import type { Message } from '#platform/outgoing-call.js';

/** With what a call is signed: secrets and a private key, as they are kept. */
export type Signing = Pick<Call, 'secrets' | 'pair'>;

/** What tells a receiver of an event, signed by Standard Webhooks over the very bytes that are sent; each attempt has a time of its own. */
export function messageOf(event: PlacedEntry, signing: Signing, now: number): Message {
  const body = Buffer.from(JSON.stringify(eventOf(event)));
  const timestamp = String(Math.floor(now / 1_000));
  const signed = Buffer.concat([Buffer.from(`${event.id}.${timestamp}.`), body]);
  const headers = {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': 'Perennial-Webhooks',
    'webhook-id': event.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signaturesOf(signed, signing).join(' '),
  };
  return { headers, body };
}

/** One for each secret that counts, so that a receiver may change to the new one when it likes; and one by the pair. */
function signaturesOf(signed: Buffer, { secrets, pair }: Signing): readonly string[] {
  const shared = secrets.map((secret) =>
    createHmac('sha256', Buffer.from(secret, 'base64')).update(signed).digest('base64'),
  );
  if (pair === null) return shared.map((one) => `v1,${one}`);
  const key = createPrivateKey({ key: Buffer.from(pair, 'base64'), format: 'der', type: 'pkcs8' });
  return [...shared.map((one) => `v1,${one}`), `v1a,${sign(null, signed, key).toString('base64')}`];
}

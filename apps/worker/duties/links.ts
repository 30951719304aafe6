import type { PasswordLinks } from '#database/password-links.js';
import type { Log } from '#platform/log.js';
import type { Post } from '../post.js';
import { startLoop, type Loop } from './loop.js';

const IDLE_MS = 2_000;
/** How long a link may be under way before it is taken to be lost, and another one is sent. */
const LEASE_MS = 60_000;

/** What the sending of links works with. */
export interface LinkParts {
  readonly links: PasswordLinks;
  readonly post: Post;
  /** Where people reach Perennial. */
  readonly publicUrl: string;
  readonly log: Log;
}

/** Mails to people the links by which they set a password. A mail server that is away is asked again until it is back. */
export const startLinks = (parts: LinkParts): Loop =>
  startLoop(() => sendNext(parts), { name: 'links', idleMs: IDLE_MS, log: parts.log });

async function sendNext({ links, post, publicUrl, log }: LinkParts): Promise<boolean> {
  const outgoing = await links.take(LEASE_MS);
  if (outgoing === undefined) return false;
  const { id, purpose, mail, organisation, link } = outgoing;
  const answer = await post.sendLink({
    ...{ id, purpose, mail, organisation },
    address: `${publicUrl}/set-password#${link}`,
  });
  if (answer !== undefined) log.warn({ link: id, answer }, 'the mail server refuses a link for good');
  await links.sent(id, answer);
  return true;
}

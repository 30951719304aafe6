import type { PasswordLinks } from '#database/password-links.js';
import type { Log } from '#platform/log.js';
import { isNobodyThere, type Post } from '../mail/post.js';
import { startLoop, type Loop } from './loop.js';

const IDLE_MS = 2_000;
/** How long a link may be under way before it is taken to be lost, and another one is sent. */
const LEASE_MS = 60_000;
const TIDY_MS = 60_000;

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

/** Takes away what is over: of links, sessions and those who knocked; of calls and their secrets. */
export const startTidying = (tidied: { readonly tidy: () => Promise<void> }, log: Log): Loop =>
  startLoop(
    async () => {
      await tidied.tidy();
      return false;
    },
    { name: 'tidying', idleMs: TIDY_MS, log },
  );

/** What cannot be sent to one person for now keeps nobody else waiting. */
async function sendNext({ links, post, publicUrl, log }: LinkParts): Promise<boolean> {
  const outgoing = await links.take(LEASE_MS);
  if (outgoing === undefined) return false;
  const { id, link, ...words } = outgoing;
  try {
    const answer = await post.sendLink({ id, ...words, address: `${publicUrl}/set-password#${link}` });
    if (answer !== undefined) log.warn({ link: id, answer }, 'the mail server refuses a link for good');
    await links.sent(id, answer);
  } catch (error) {
    await links.putOff(id);
    if (isNobodyThere(error)) throw error;
    log.warn({ err: error, link: id }, 'a link was not sent; tried again later');
  }
  return true;
}

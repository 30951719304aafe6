import type { DataSource } from 'typeorm';
import type { Language } from '#domain/notice/reader.js';
import { cryptoRandom } from '#platform/ids.js';
import { newCredential } from './credentials.js';
import { openDatabase } from './data-source.js';
import { valueOf, withClient } from './transaction.js';

/** A link that is to be sent now: to whom, why, and the link itself, which nobody else gets to know. */
export interface Outgoing {
  readonly id: string;
  readonly purpose: 'invitation' | 'reset';
  readonly mail: string;
  /** Name of the organisation whose account it is. */
  readonly organisation: string;
  /** In which they read; English where nobody has said it. */
  readonly language: Language;
  readonly link: string;
}

/** Links by which people set a password, on their way out. A link is made when it is sent, and kept as its hash. As the engine. */
export class PasswordLinks {
  constructor(private readonly source: DataSource) {}

  /** The next one that is due, under a lease: if it is not said to be sent, it is taken again, with another link in it. */
  async take(leaseMs: number): Promise<Outgoing | undefined> {
    const { hash, text: link } = newCredential('link', cryptoRandom);
    const taken = await valueOf<Omit<Outgoing, 'link'>>(this.source, 'take_link($1, $2)', [hash, leaseMs]);
    return taken ? { ...taken, link } : undefined;
  }

  /** It did not go out, and is tried again later each time. */
  async putOff(id: string): Promise<void> {
    await withClient(this.source, (client) => client.query('select perennial.put_off_link($1)', [id]));
  }

  /** Takes away what is over: links, sessions, and those who knocked. */
  async tidy(): Promise<void> {
    await withClient(this.source, (client) => client.query('select perennial.tidy_sign_in()'));
  }

  /** It went out, or the mail server will never take it and `answer` says by which code. */
  async sent(id: string, answer?: number): Promise<void> {
    await withClient(this.source, (client) =>
      client.query('select perennial.sent_link($1, $2)', [id, answer ?? null]),
    );
  }
}

/**
 * A link for whoever runs this installation to hand to the first person, or where no mail goes out; good for an hour.
 * Undefined when nobody has this address.
 */
export async function makePasswordLink(url: string, mail: string): Promise<string | undefined> {
  const source = await openDatabase(url, 'engine', 1);
  try {
    const { hash, text } = newCredential('link', cryptoRandom);
    return (await valueOf<boolean>(source, 'make_link($1, $2)', [mail, hash])) === true ? text : undefined;
  } finally {
    await source.destroy();
  }
}

import { organisations } from '#contract/routes/organisations.js';
import { people } from '#contract/routes/people.js';
import { passwords, session } from '#contract/routes/session.js';
import type { Id, Role } from '#domain/actor.js';
import { openDatabase } from '#database/data-source.js';
import { PasswordLinks } from '#database/password-links.js';
import { makeLog } from '#platform/log.js';
import type { Loop } from '../../../apps/worker/duties/loop.js';
import { startLinks } from '../../../apps/worker/duties/links.js';
import { Post } from '../../../apps/worker/mail/post.js';
import { MailServer } from '../../support/smtp.js';
import { until } from '../../support/live.js';
import { ApiDoor, type Got, type Ways } from './door.js';

export const PUBLIC_URL = 'https://perennial.example';

/** The code of the problem in an answer; empty where there is none. */
export const codeOf = ({ bytes }: Got): string =>
  (JSON.parse(bytes.toString()) as { code?: string }).code ?? '';

/** People of live organisations: they are invited, and everything that they get comes by a real mail server. */
export class LivePeople {
  private made = 0;

  private constructor(
    readonly door: ApiDoor,
    readonly server: MailServer,
    private readonly loop: Loop,
    private readonly ends: readonly (() => unknown)[],
  ) {}

  /** Behind a door of their own, in front of which a proxy stands. */
  static async open(ways: Ways = {}): Promise<LivePeople> {
    const door = await ApiDoor.open({ behindProxy: true, publicUrl: PUBLIC_URL, ...ways });
    const server = await MailServer.open();
    const source = await openDatabase(door.behind.database.appUrl, 'engine', 2);
    const post = new Post({
      ...{ mailUrl: server.url, mailFrom: 'perennial@example.org', instance: 'test' },
    });
    const links = new PasswordLinks(source);
    const loop: Loop = startLinks({ links, post, publicUrl: PUBLIC_URL, log: makeLog('worker', 'silent') });
    return new LivePeople(door, server, loop, [
      () => loop.stop(),
      () => {
        post.close();
      },
      () => source.destroy(),
      () => server.down(),
      () => door.close(),
    ]);
  }

  async close(): Promise<void> {
    for (const end of this.ends) await end();
  }

  /** An address that nobody had before: what is tried is counted by address and by place. */
  someone(): string {
    this.made += 1;
    return `person-${String(this.made)}@aurora.example`;
  }

  /** Signs in from a place, as the proxy in front tells it. */
  knock(mail: string, password: string, place = '203.0.113.1', more = {}): Promise<Got> {
    return this.door.send('POST', '/v1/session', {
      body: { mail, password, ...more },
      headers: { 'x-forwarded-for': place, 'user-agent': 'Example Browser' },
    });
  }

  async organisation(name: string): Promise<Id> {
    const body = { name, side: 'client' as const, mode: 'live' as const, zone: 'Europe/Vienna' };
    return (
      await this.door
        .as()
        .call(organisations.commands.createOrganisation, { key: `org-${name.replaceAll(' ', '-')}`, body })
    ).id;
  }

  async invite(organisation: Id, mail: string, ...roles: readonly Role[]): Promise<Id> {
    const body = { organisation, name: 'Ines Moreau', mail, roles: [...roles] };
    return (await this.door.as().call(people.commands.invitePerson, { key: `${organisation}/${mail}`, body }))
      .id;
  }

  /** The link in the newest mail to somebody, once there are so many. */
  async link(mail: string, mails = 1): Promise<string> {
    const theirs = (): readonly string[] =>
      this.server.mails.filter(({ recipients }) => recipients.includes(mail)).map(({ text }) => text);
    await until(() => {
      this.loop.wake();
      return Promise.resolve(theirs().length >= mails);
    });
    const [, link = ''] = /#(prn_link_\w+)/.exec(theirs().at(-1) ?? '') ?? [];
    return link;
  }

  async setPassword(link: string, password: string): Promise<void> {
    await this.door.as('').call(passwords.set, { body: { link, password } });
  }

  /** A token of somebody who signs in. */
  async signIn(mail: string, password: string): Promise<string> {
    return (await this.door.as('').call(session.signIn, { body: { mail, password } })).token;
  }

  /** Somebody with an account and a password, signed in. */
  async member(organisation: Id, mail: string, password: string): Promise<{ id: Id; token: string }> {
    const id = await this.invite(organisation, mail, 'aims-manager');
    await this.setPassword(await this.link(mail), password);
    return { id, token: await this.signIn(mail, password) };
  }
}

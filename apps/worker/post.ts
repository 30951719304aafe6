import { createTransport, type Transporter } from 'nodemailer';
import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { hasEnded, type Thing } from '#domain/machine.js';
import { noticeMachine, type Notice } from '#domain/notice/notice.js';
import { personMachine } from '#domain/person/person.js';
import { isPerson } from '#domain/person/facts.js';
import { textsBehind, thingOf } from '#database/reading/things.js';
import { withClient } from '#database/transaction.js';

interface Letter {
  readonly notice: Notice;
  readonly about: { readonly number: string; readonly kind: string };
  readonly addresses: readonly string[];
}

export interface PostOffice {
  readonly source: DataSource;
  /** The mail server; without one notices lie in the catcher, which the API lists. */
  readonly mailUrl: string | undefined;
  readonly mailFrom: string;
  /** The name behind the @ of Message-IDs: the same on every attempt. */
  readonly instance: string;
}

const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

/** Sends the mail of a notice: who gets it is asked again when it is sent, so nobody who has left is written to. */
export class Post {
  private readonly transport: Transporter | undefined;

  constructor(private readonly office: PostOffice) {
    const { mailUrl } = office;
    this.transport = mailUrl === undefined ? undefined : createTransport({ url: mailUrl, ...TIMEOUTS });
  }

  async deliver(id: Id): Promise<{ readonly through: 'mail' | 'catcher' }> {
    const letter = await this.letterOf(id);
    if (!this.transport || letter.addresses.length === 0) return { through: 'catcher' };
    const { mailFrom, instance } = this.office;
    await this.transport.sendMail({
      from: mailFrom,
      to: mailFrom,
      bcc: letter.addresses.map(oneLine),
      messageId: `<${id}@${instance}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      subject: subjectOf(letter),
      text: textOf(letter),
      disableUrlAccess: true,
      disableFileAccess: true,
    });
    return { through: 'mail' };
  }

  close(): void {
    this.transport?.close();
  }

  private async letterOf(id: Id): Promise<Letter> {
    return withClient(this.office.source, async (client) => {
      const notice = (await thingOf(client, id))?.thing;
      if (!notice || !noticeMachine.is(notice)) throw new Error(`no notice is called ${id}`);
      const about = notice.about === undefined ? undefined : (await thingOf(client, notice.about))?.thing;
      return { notice, about: titleOf(about, id), addresses: await addressesOf(client, notice) };
    });
  }
}

const titleOf = (about: Thing | undefined, id: Id): Letter['about'] =>
  about ? { number: about.number ?? about.id, kind: about.kind } : { number: id, kind: 'notice' };

/** The addresses of those whose account has not come to its end since the notice was ordered. */
async function addressesOf(client: ClientBase, { people }: Notice): Promise<readonly string[]> {
  const shown = await Promise.all(people.map((person) => thingOf(client, person)));
  const here = shown.flatMap((one) => (one && isPerson(one.thing) ? [one.thing] : []));
  const active = here.filter((person) => !hasEnded(personMachine, person));
  return Object.values(
    await textsBehind(
      client,
      active.flatMap(({ texts: { mail } }) => mail ?? []),
    ),
  );
}

/** No line break gets into a header, whatever a person's record holds. */
const oneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ').trim();

const words = (key: string): string => key.replace(/-\d+$/, '').replaceAll('-', ' ');

const subjectOf = ({ notice, about }: Letter): string =>
  oneLine(
    `[${about.number}] ${notice.late ? 'Late notice: ' : ''}${words(notice.obligation)} by ${notice.due ?? ''}`,
  );

function textOf({ notice, about }: Letter): string {
  return [
    `${words(notice.obligation)} of ${about.kind} ${about.number} is due on ${notice.due ?? ''}.`,
    notice.late
      ? `This notice comes late and stands for: ${notice.rungs.join(', ')}.`
      : `Reminder: ${notice.rungs.join(', ')}.`,
    '',
    'Open your tasks in Perennial to answer it. Nothing is done by answering this mail.',
  ].join('\n');
}

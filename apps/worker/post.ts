import { createTransport, type Transporter } from 'nodemailer';
import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import type { RecordDelivery } from '#domain/notice/notice.js';
import { hashOf } from '#database/credentials.js';
import { withClient } from '#database/transaction.js';
import { machineClock, type Clock } from '#platform/clock.js';
import { ADDRESS, letterOf, type Letter } from './letter.js';
import { linkWords, type LinkMail } from './link-mail.js';

export interface PostOffice {
  readonly source: DataSource;
  /** The mail server; without one notices lie in the catcher, which the API lists. */
  readonly mailUrl: string | undefined;
  readonly mailFrom: string;
  /** The name behind the @ of Message-IDs: the same on every attempt. */
  readonly instance: string;
  readonly clock?: Clock;
}

/** As a mail server says that a name is none. (RFC 5321) */
const NO_ADDRESS = 553;
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

/**
 * Sends the mail of a notice. Whether it is of use still, and who is to have it, is asked when it is sent: nobody is reminded of
 * what is done, and nobody who has left is written to.
 */
export class Post {
  private readonly transport: Transporter | undefined;

  constructor(private readonly office: PostOffice) {
    const { mailUrl } = office;
    this.transport = mailUrl === undefined ? undefined : createTransport({ url: mailUrl, ...TIMEOUTS });
  }

  async deliver(id: Id): Promise<RecordDelivery> {
    const { source, clock = machineClock } = this.office;
    const letter = await withClient(source, (client) => letterOf(client, id, clock.now));
    const { owed, to, unreachable } = letter;
    if (owed === undefined) return { outdated: true };
    if (!this.transport || to.size === 0) return { through: 'catcher', unreached: unreachable };
    return this.send(this.transport, letter, owed);
  }

  /** Sends somebody a link by which to set a password; answers the code with which the mail server refuses it for good. */
  async sendLink({ id, mail, ...words }: LinkMail): Promise<number | undefined> {
    if (!this.transport) throw new Error('there is no mail server');
    if (!ADDRESS.test(mail)) return NO_ADDRESS;
    const { mailFrom, instance } = this.office;
    try {
      await this.transport.sendMail({
        ...{ from: mailFrom, to: { name: '', address: mail } },
        messageId: `<password-link-${id}-${hashOf(words.address).slice(0, 8)}@${instance}>`,
        ...usual,
        ...linkWords(words),
      });
      return undefined;
    } catch (error) {
      const answer = finalAnswer(error);
      if (answer === undefined) throw withoutPeople(error);
      return answer;
    }
  }

  close(): void {
    this.transport?.close();
  }

  /** What is refused for good is answered; everything else is thrown, and tried again. */
  private async send(transport: Transporter, letter: Letter, owed: string): Promise<RecordDelivery> {
    const { mailFrom, instance } = this.office;
    const { notice, to, unreachable } = letter;
    try {
      const { rejected }: { rejected?: unknown } = await transport.sendMail({
        from: mailFrom,
        to: NOBODY_NAMED,
        bcc: [...to.values()].map((address) => ({ name: '', address })),
        messageId: `<${notice.id}@${instance}>`,
        ...usual,
        subject: subjectOf(letter, owed),
        text: textOf(letter, owed),
      });
      return { through: 'mail', unreached: [...unreachable, ...accountsOf(to, rejected)] };
    } catch (error) {
      const answer = finalAnswer(error);
      if (answer === undefined) throw withoutPeople(error);
      return { answer };
    }
  }
}

const usual = {
  headers: { 'Auto-Submitted': 'auto-generated' },
  disableUrlAccess: true,
  disableFileAccess: true,
};

/** Those who get it do not learn of each other. */
const NOBODY_NAMED = 'undisclosed-recipients:;';

const accountsOf = (to: ReadonlyMap<Id, string>, rejected: unknown): readonly Id[] =>
  Array.isArray(rejected)
    ? [...to].filter(([, address]) => rejected.includes(address)).map(([id]) => id)
    : [];

/**
 * The answer by which the server will take this mail never: it refuses every recipient for good, or what the mail says. That it
 * does not know us, or not our own address, is for the operator to mend, and no reason to give up.
 */
function finalAnswer(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { permanent, command, responseCode }: Error & Answered = error;
  const isFinal = permanent === true && (command === 'RCPT TO' || command === 'DATA');
  return isFinal && typeof responseCode === 'number' ? responseCode : undefined;
}

/** A failure that is thrown stands in logs and in Temporal: nobody's address goes there, and a server's words may have it. */
function withoutPeople(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('mail was not taken');
  const { code, command, responseCode }: Error & Answered = error;
  const known = [code, command, responseCode].filter((part) => part !== undefined).map(String);
  return Object.assign(new Error(`mail was not taken: ${known.join(', ')}`), { code });
}

/** True when the mail server was not reached, for whomever the mail was. */
export const isNobodyThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && NOT_REACHED.some((code) => code === error.code);

const NOT_REACHED = [
  'ECONNECTION',
  'ETIMEDOUT',
  'ESOCKET',
  'EDNS',
  'ECONNREFUSED',
  'ETLS',
  'EAUTH',
  'EPROXY',
];

/** What a server said, as the mailer keeps it beside its error. */
interface Answered {
  readonly code?: unknown;
  readonly permanent?: unknown;
  readonly command?: unknown;
  readonly responseCode?: unknown;
}

function subjectOf({ notice, about }: Letter, owed: string): string {
  const beginning = notice.late ? 'Late notice: ' : '';
  return `[${about.number}] ${beginning}${owed} by ${notice.due ?? ''}`;
}

const inWords = (rungs: readonly string[]): string =>
  rungs.map((rung) => rung.replaceAll('-', ' ').replace(/^1 days/, '1 day')).join(', ');

function textOf({ notice, about }: Letter, owed: string): string {
  return [
    `Owed for ${about.kind} ${about.number}: ${owed}, by ${notice.due ?? ''}.`,
    notice.late
      ? `This notice comes late. It stands for the reminders ${inWords(notice.rungs)}.`
      : `This is the reminder ${inWords(notice.rungs)}.`,
    '',
    'Open your tasks in Perennial to answer it. Nothing is done by answering this mail.',
  ].join('\n');
}

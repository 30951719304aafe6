import { createTransport, type Transporter } from 'nodemailer';
import type { Language } from '#domain/notice/reader.js';
import { hashOf } from '#database/credentials.js';
import { ADDRESS } from './letter.js';
import { linkMail, type LinkMail } from './link-mail.js';
import type { Writing } from './notice-mail.js';

export interface PostOffice {
  /** The mail server; without one notices lie in the catcher, which the API lists. */
  readonly mailUrl: string | undefined;
  readonly mailFrom: string;
  /** The name behind the @ of Message-IDs: the same on every attempt. */
  readonly instance: string;
}

/** A mail on its way to several, who do not learn of each other. */
export interface OutgoingMail {
  readonly to: readonly string[];
  /** In front of the @ of its Message-ID: the same on every attempt. */
  readonly id: string;
  readonly language: Language;
  readonly writing: Writing;
  /** In front of the @ of the Message-ID under which mail programs show it with others. */
  readonly thread?: string;
  /** Where a reader says that they want no more of these. */
  readonly settings?: string;
}

/** As a mail server says that a name is none. (RFC 5321) */
const NO_ADDRESS = 553;
/** As a mail server says that it takes no mail for a recipient. (RFC 5321) */
const NOT_TAKEN = 550;
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

/** Hands mails to the mail server. What is refused for good is answered; everything else is thrown, and tried again by the caller. */
export class Post {
  private readonly transport: Transporter | undefined;

  constructor(private readonly office: PostOffice) {
    const { mailUrl } = office;
    this.transport = mailUrl === undefined ? undefined : createTransport({ url: mailUrl, ...TIMEOUTS });
  }

  /** False where nothing leaves the house. */
  get hasServer(): boolean {
    return this.transport !== undefined;
  }

  /**
   * Sends a mail; answers whom of several the server refused, and by which code, for now (4xx) or for good (5xx). What it takes for
   * nobody for now is thrown.
   */
  async send(mail: OutgoingMail): Promise<ReadonlyMap<string, number>> {
    if (!this.transport) throw new Error('there is no mail server');
    const { mailFrom, instance } = this.office;
    const { to, id, language, writing, thread, settings } = mail;
    try {
      const came: Rejected = await this.transport.sendMail({
        ...{ from: mailFrom, to: NOBODY_NAMED, bcc: to.map((address) => ({ name: '', address })) },
        messageId: `<${id}@${instance}>`,
        ...(thread === undefined ? {} : { references: `<${thread}@${instance}>` }),
        ...(settings === undefined ? {} : { list: { unsubscribe: settings } }),
        ...usual(language),
        ...writing,
      });
      return refusedOf(came);
    } catch (error) {
      const answer = finalAnswer(error);
      if (answer === undefined) throw withoutPeople(error);
      return new Map(to.map((address) => [address, answer]));
    }
  }

  /** Sends somebody a link by which to set a password; answers the code with which the mail server refuses it for good. */
  async sendLink({ id, mail, ...link }: LinkMail): Promise<number | undefined> {
    if (!this.transport) throw new Error('there is no mail server');
    if (!ADDRESS.test(mail)) return NO_ADDRESS;
    const { mailFrom, instance } = this.office;
    try {
      await this.transport.sendMail({
        ...{ from: mailFrom, to: { name: '', address: mail } },
        messageId: `<password-link-${id}-${hashOf(link.address).slice(0, 8)}@${instance}>`,
        ...usual(link.language),
        ...linkMail(link),
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
}

const usual = (language: Language) => ({
  headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
  disableUrlAccess: true,
  disableFileAccess: true,
});

/** Those who get it do not learn of each other. */
const NOBODY_NAMED = 'undisclosed-recipients:;';

/** What the mailer says of recipients that were refused while others were taken. */
interface Rejected {
  readonly rejected?: unknown;
  readonly rejectedErrors?: unknown;
}

function refusedOf({ rejected, rejectedErrors }: Rejected): ReadonlyMap<string, number> {
  if (!Array.isArray(rejected)) return new Map();
  const errors: readonly unknown[] = Array.isArray(rejectedErrors) ? rejectedErrors : [];
  const codes = errors.map((error) => (error instanceof Error ? codeOf(error) : undefined));
  return new Map(rejected.map((address, place) => [String(address), codes[place] ?? NOT_TAKEN]));
}

const codeOf = ({ responseCode }: Error & Answered): number | undefined =>
  typeof responseCode === 'number' ? responseCode : undefined;

/**
 * The answer by which the server will take this mail never: it refuses every recipient for good, or what the mail says. That it
 * does not know us, or not our own address, is for the operator to mend, and no reason to give up.
 */
function finalAnswer(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { permanent, command }: Error & Answered = error;
  const isFinal = permanent === true && (command === 'RCPT TO' || command === 'DATA');
  return isFinal ? codeOf(error) : undefined;
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

import { createServer, type Server, type Socket } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { freePort } from '#platform/ports.js';

/** A mail as it came in: its bytes, whom it was for, and its headers and both its forms as an independent parser reads them. */
export interface Mail {
  readonly bytes: string;
  readonly recipients: readonly string[];
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** How a mail server may treat those who come. */
export interface Manner {
  /** Answers `RCPT TO` with this; nothing takes the recipient. */
  readonly recipient?: (address: string) => number | undefined;
  /** Answers the end of the data with this; the mail is not kept. */
  readonly data?: number;
  /** Keeps the mail, and does this before it answers. */
  readonly before?: () => Promise<void>;
  /** Keeps the mail, and hangs up without an answer. */
  readonly hangsUp?: boolean;
}

class Refusal extends Error {
  constructor(readonly responseCode: number) {
    super('not here');
  }
}

/** A real mail server on a port of its own, which keeps what it takes. */
export class MailServer {
  readonly mails: Mail[] = [];
  /** How often somebody came with a mail, taken or not. */
  visits = 0;
  manner: Manner = {};
  private server: SMTPServer | Server | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly port: number) {}

  static async open(): Promise<MailServer> {
    const server = new MailServer(await freePort(0));
    await server.up();
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${String(this.port)}`;
  }

  /** Takes mail, in good manners unless told otherwise. */
  async up(manner: Manner = {}): Promise<void> {
    await this.down();
    this.manner = manner;
    const server = new SMTPServer({
      ...{ disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true, closeTimeout: 100 },
      onMailFrom: (_, _session, answer) => {
        this.visits += 1;
        answer();
      },
      onRcptTo: ({ address }, _, answer) => {
        const refused = this.manner.recipient?.(address);
        answer(refused === undefined ? null : new Refusal(refused));
      },
      onData: (stream, session, answer) => {
        void this.take(stream, session, answer);
      },
    });
    server.on('error', () => undefined);
    server.server.on('connection', (socket) => this.sockets.add(socket));
    await new Promise<void>((open, fail) => {
      server.once('error', fail);
      server.listen(this.port, '127.0.0.1', open);
    });
    this.server = server;
  }

  /** Takes every call and says nothing. */
  async hangs(): Promise<void> {
    await this.down();
    const server = createServer((socket) => {
      this.visits += 1;
      this.sockets.add(socket.on('error', () => undefined));
    });
    await new Promise<void>((open) => server.listen(this.port, '127.0.0.1', open));
    this.server = server;
  }

  /** Answers nobody. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.sockets.forEach((socket) => socket.destroy());
    this.sockets.clear();
    if (server) await new Promise<void>((closed) => server.close(() => closed()));
  }

  /** The mails in which something is named, a number for instance. */
  about(words: string): readonly Mail[] {
    return this.mails.filter(({ subject }) => subject.includes(words));
  }

  private async take(
    stream: SMTPServerDataStream,
    { envelope }: SMTPServerSession,
    answer: (error?: Error | null) => void,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
    const { data, before, hangsUp = false } = this.manner;
    if (data !== undefined) {
      answer(new Refusal(data));
      return;
    }
    const recipients = envelope.rcptTo.map(({ address }) => address);
    const bytes = Buffer.concat(chunks);
    this.mails.push({ bytes: bytes.toString(), recipients, ...(await read(bytes)) });
    await before?.();
    if (hangsUp) this.sockets.forEach((socket) => socket.destroy());
    else answer();
  }
}

async function read(bytes: Buffer): Promise<Omit<Mail, 'bytes' | 'recipients'>> {
  const parsed = await PostalMime.parse(bytes);
  const headers = new Map<string, string[]>();
  for (const { key, value } of parsed.headers) headers.set(key, [...(headers.get(key) ?? []), value]);
  const { subject = '', text = '', html = '' } = parsed;
  return { headers, subject, text, html };
}

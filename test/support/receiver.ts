import {
  createServer as createHttp,
  type IncomingHttpHeaders,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';

/** A call as it came in, byte for byte. */
export interface Received {
  readonly id: string;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly subject: string;
    readonly sequence: string;
  };
}

/** How a receiver answers a call that it has kept. */
export type Manner = (answer: ServerResponse, call: Received) => void;

export const takes: Manner = (answer) => void answer.writeHead(204).end();
export const answers =
  (status: number, headers: Readonly<Record<string, string>> = {}): Manner =>
  (answer) =>
    void answer.writeHead(status, headers).end();
export const hangs: Manner = () => undefined;

/** A real receiver of calls on a port of its own, which keeps what comes. */
export class Receiver {
  readonly calls: Received[] = [];
  /** Connections that were opened, whatever came of them. */
  visits = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: HttpServer | Server,
    public manner: Manner,
  ) {
    server.on('connection', (socket: Socket) => {
      this.visits += 1;
      this.sockets.add(socket.on('error', () => undefined));
    });
  }

  static async open(manner: Manner = takes): Promise<Receiver> {
    const server = createHttp((request, answer) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        receiver.keep(request.headers, Buffer.concat(chunks), answer);
      });
      answer.on('error', () => undefined);
    });
    const receiver = new Receiver(server, manner);
    return receiver.listen();
  }

  /** One that does not speak HTTP: it does with each connection what it likes. */
  static async raw(each: (socket: Socket) => void): Promise<Receiver> {
    return new Receiver(createTcp(each), takes).listen();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Its address, under a name of its own. */
  url(name = 'hooks.example.org'): string {
    return `https://${name}:${String(this.port)}/perennial?from=here`;
  }

  /** The calls about a thing. */
  about(thing: string): readonly Received[] {
    return this.calls.filter(({ event }) => event.subject.endsWith(`/${thing}`));
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise<void>((closed) => this.server.close(() => closed()));
  }

  private keep(headers: IncomingHttpHeaders, body: Buffer, answer: ServerResponse): void {
    const event = JSON.parse(body.toString()) as Received['event'];
    const call = { id: String(headers['webhook-id']), at: Date.now(), headers, body, event };
    this.calls.push(call);
    this.manner(answer, call);
  }

  private async listen(): Promise<this> {
    await new Promise<void>((open) => this.server.listen(0, '127.0.0.1', open));
    return this;
  }
}

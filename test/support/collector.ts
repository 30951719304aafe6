import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { until } from './live.js';

/** A value of an attribute as OTLP writes it in JSON. */
interface Value {
  readonly stringValue?: string;
  readonly intValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values: readonly Value[] };
}

interface Attribute {
  readonly key: string;
  readonly value: Value;
}

/** A span as it came. */
export interface Came {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly program: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly failed: boolean;
}

type Sent = Omit<Came, 'program' | 'attributes' | 'links' | 'failed'> & {
  readonly attributes: readonly Attribute[];
  readonly links?: Came['links'];
  readonly status?: { readonly code?: number };
};

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Sent[] }[];
  }[];
}

type Manner = (answer: ServerResponse) => void;

export const takes: Manner = (answer) =>
  void answer.writeHead(200, { 'content-type': 'application/json' }).end('{}');
export const fails: Manner = (answer) => void answer.writeHead(500).end();
export const hangs: Manner = () => undefined;

/** A real collector of OTLP over HTTP on a port of its own, which reads JSON and keeps what it takes. */
export class Collector {
  readonly spans: Came[] = [];
  /** Every byte that came. */
  text = '';
  visits = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    public manner: Manner,
  ) {}

  static async open(manner: Manner = takes): Promise<Collector> {
    const server = createServer((request, answer) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        collector.take(request.url ?? '', Buffer.concat(chunks).toString('utf8'));
        collector.manner(answer);
      });
    });
    server.on('connection', (socket: Socket) => collector.sockets.add(socket.on('error', () => undefined)));
    const collector = new Collector(server, manner);
    await new Promise<void>((open) => server.listen(0, '127.0.0.1', open));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** What came of a trace, in whatever order. */
  trace(id: string): readonly Came[] {
    return this.spans.filter(({ traceId }) => traceId === id);
  }

  /** Waits for a span that has these words in its name. */
  async span(words: string, where: (span: Came) => boolean = () => true): Promise<Came> {
    const found = (): Came | undefined => this.spans.find((span) => span.name.includes(words) && where(span));
    await until(() => Promise.resolve(found() !== undefined), 30_000).catch(() => {
      const there = this.spans.map(({ traceId, name }) => `${traceId} ${name}`);
      throw new Error(`no span ${words} among\n${there.join('\n')}`);
    });
    return found() as Came;
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise<void>((closed) => this.server.close(() => closed()));
  }

  private take(path: string, text: string): void {
    this.visits += 1;
    this.text += text;
    if (path !== '/v1/traces' || this.manner !== takes) return;
    for (const { resource, scopeSpans } of (JSON.parse(text) as Export).resourceSpans)
      for (const { spans } of scopeSpans)
        this.spans.push(
          ...spans.map((span) => read(span, String(plain(resource.attributes)['service.name']))),
        );
  }
}

const valueOf = ({ arrayValue, ...one }: Value): unknown =>
  arrayValue ? arrayValue.values.map(valueOf) : Object.values(one)[0];

const plain = (attributes: readonly Attribute[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));

const FAILED = 2;

const read = ({ attributes, links = [], status, ...span }: Sent, program: string): Came => ({
  ...{ ...span, program, links, failed: status?.code === FAILED },
  attributes: plain(attributes),
});

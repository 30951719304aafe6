import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span as OpenSpan,
  type SpanContext,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from './log.js';
import { atMost } from './pause.js';
import {
  readTraceParent,
  writeTraceParent,
  type Attributes,
  type Cause,
  type Span,
  type Tracing,
  type Work,
} from './tracing.js';

/** Where traces go. */
export interface Collector {
  /** Its address for OTLP over HTTP; spans go to `/v1/traces` beneath it. */
  readonly url: string;
  /** `api` or `worker`. */
  readonly program: string;
  readonly log: Log;
}

/** A span is a few hundred bytes: what waits for a collector that is away takes about a megabyte, and what comes on top is dropped. */
const MOST_WAITING = 2_048;
const AT_ONCE = 512;
const EVERY_MS = 2_000;
const PATIENCE_MS = 5_000;
/** How long a program that ends waits for its last spans to go out. */
const LAST_MS = 3_000;

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** Traces by OpenTelemetry, sent to a collector in the background. Nothing is global: whoever traces is handed this. */
export class CollectorTracing implements Tracing {
  readonly on = true;
  private readonly provider: TracerProvider;

  constructor({ url, program, log }: Collector) {
    const exporter = new OTLPTraceExporter({ url: tracesAt(url), timeoutMillis: PATIENCE_MS });
    this.provider = new TracerProvider({
      resource: defaultResource().merge(resourceFromAttributes({ 'service.name': `perennial-${program}` })),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: saying(exporter, log),
          maxQueueSize: MOST_WAITING,
          maxExportBatchSize: AT_ONCE,
          scheduledDelayMillis: EVERY_MS,
          exportTimeoutMillis: PATIENCE_MS,
        }),
      ],
    });
  }

  /** Whether it is sent is for the caller to say who began the trace; what begins here is. */
  begin({ name, kind, attributes = {} }: Work, { within, after = [] }: Cause = {}): Span {
    const links = after.flatMap((text) => contextOf(text) ?? []).map((context) => ({ context }));
    const options = { kind: kind === undefined ? SpanKind.INTERNAL : kinds[kind], links };
    const span = this.provider.getTracer('perennial').startSpan(name, options, parentOf(within));
    return new CollectedSpan(span).with(attributes);
  }

  async close(): Promise<void> {
    const sent = this.provider.shutdown().catch(() => undefined); // a collector that is away was told of already
    await Promise.race([sent, atMost(LAST_MS)]);
  }
}

class CollectedSpan implements Span {
  readonly traceparent: string;
  readonly ids: { readonly traceId: string };

  constructor(private readonly span: OpenSpan) {
    const context = span.spanContext();
    this.traceparent = writeTraceParent(context);
    this.ids = { traceId: context.traceId };
  }

  with(attributes: Attributes): this {
    this.note(attributes);
    return this;
  }

  note(attributes: Attributes): void {
    for (const [name, value] of Object.entries(attributes))
      if (value !== undefined) this.span.setAttribute(name, typeof value === 'object' ? [...value] : value);
  }

  fail(type: string): void {
    this.span.setAttribute('error.type', type);
    this.span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.span.end();
  }
}

function contextOf(traceparent: string | undefined): SpanContext | undefined {
  const read = readTraceParent(traceparent);
  return read && { ...read, isRemote: true };
}

function parentOf(traceparent: string | undefined): Context {
  const context = contextOf(traceparent);
  return context ? trace.setSpanContext(ROOT_CONTEXT, context) : ROOT_CONTEXT;
}

const tracesAt = (url: string): string => `${url.replace(/\/+$/, '').replace(/\/v1\/traces$/, '')}/v1/traces`;

/** Says once in the log that nothing arrives, and once that it arrives again. */
function saying(exporter: SpanExporter, log: Log): SpanExporter {
  let fails = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined;
        if (failed && !fails)
          log.warn({ err: result.error }, 'traces do not reach the collector; they are dropped');
        if (!failed && fails) log.info('traces reach the collector again');
        fails = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}

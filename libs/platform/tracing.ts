/** What is told of a piece of work: codes, counts, ids of things. No text that people write, no id of a person. (S13) */
export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** A piece of work, as it is begun. */
export interface Work {
  readonly name: string;
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: Attributes;
}

/** What led to it, each in the form of W3C's `traceparent`; what has not that form counts for nothing. */
export interface Cause {
  /** Whose trace it goes on. */
  readonly within?: string | undefined;
  /** What it follows from, in traces that are left as they are. */
  readonly after?: readonly string[];
}

/** A piece of work while it goes on. */
export interface Span {
  /** For what follows from it, in the form of W3C's `traceparent`; nothing where nothing is traced. */
  readonly traceparent: string | undefined;
  /** The id of its trace, for a line of the log. */
  readonly ids: { readonly traceId?: string };
  note(attributes: Attributes): void;
  /** Says that it came to nothing, and of which type the error is: its message may have what people write. */
  fail(type: string): void;
  end(): void;
}

/** Where traces begin. */
export interface Tracing {
  /** False where nothing is traced: then nobody need ask what led to anything. */
  readonly on: boolean;
  begin(work: Work, cause?: Cause): Span;
  /** Sends what is left, within a few seconds. */
  close(): Promise<void>;
}

const nothing = (): void => undefined;

/** What goes on where nothing is traced. */
export const untracedSpan: Span = Object.freeze({
  ...{ traceparent: undefined, ids: Object.freeze({}), note: nothing, fail: nothing, end: nothing },
});

/** Tracing that is off. */
export const untraced: Tracing = Object.freeze({
  ...{ on: false, begin: () => untracedSpan, close: () => Promise.resolve() },
});

/** Does a piece of work, which ends with its span. */
export async function traced<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await work(span);
  } catch (error) {
    span.fail(error instanceof Error ? error.name : typeof error);
    throw error;
  } finally {
    span.end();
  }
}

/** The parts of a `traceparent`. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

const FORM = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Reads it as W3C says: later versions may have more behind it, and version 00 has not. */
export function readTraceParent(text: string | undefined): TraceParent | undefined {
  const [, version, traceId, spanId, flags, more] = FORM.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === '00' && more !== undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 };
}

export const writeTraceParent = ({ traceId, spanId, traceFlags }: TraceParent): string =>
  `00-${traceId}-${spanId}-0${String(traceFlags & 1)}`;

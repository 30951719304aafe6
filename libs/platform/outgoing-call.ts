import {
  request as plainRequest,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as secureRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import {
  NotPublic,
  type NotCalled,
  type PublicAddresses,
  type Resolved,
  type Target,
} from './public-address.js';

/** Why a call came to nothing. */
export type CallFailure = NotCalled | 'time-out' | 'answer-too-large' | 'answer-unreadable' | 'not-connected';

/** What came of a call: the status, unless nothing came that could be read to its end. */
export interface Came {
  readonly status?: number;
  readonly failure?: CallFailure;
  /** The header Retry-After as it stands. */
  readonly retryAfter?: string | undefined;
}

/** What is sent, byte for byte. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const WHOLE_MS = 15_000;
const LARGEST_ANSWER = 64 * 1024;

/** Calls addresses that others have named: no redirection is followed, and little is read of what they answer. */
export class OutgoingCalls {
  constructor(
    private readonly addresses: PublicAddresses,
    private readonly wholeMs = WHOLE_MS,
  ) {}

  /** Posts a message; a failure is an answer too. The time is counted from before the name is looked up. */
  async post(url: string, message: Message): Promise<Came> {
    const timer = new AbortController();
    const timeout = setTimeout(() => {
      timer.abort();
    }, this.wholeMs);
    const late = new Promise<Came>((resolve) => {
      timer.signal.addEventListener('abort', () => resolve({ failure: 'time-out' }));
    });
    try {
      return await Promise.race([this.call(url, message, timer.signal), late]);
    } finally {
      clearTimeout(timeout);
      timer.abort(); // whatever is still open of it is closed
    }
  }

  private async call(url: string, message: Message, signal: AbortSignal): Promise<Came> {
    try {
      const target = await this.addresses.find(url);
      return signal.aborted ? { failure: 'time-out' } : await send(target, message, signal);
    } catch (error) {
      return { failure: failureOf(error) };
    }
  }
}

/** HTTP that is none is the receiver's fault, and so is TLS. */
function failureOf(error: unknown): CallFailure {
  if (error instanceof NotPublic) return error.code;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return code.startsWith('HPE_') ? 'answer-unreadable' : 'not-connected';
}

function send(target: Target, { headers, body }: Message, signal: AbortSignal): Promise<Came> {
  return new Promise((resolve, reject) => {
    const sent = open(target, { ...headers, 'content-length': String(body.length) }, signal);
    sent.on('error', reject);
    sent.on('close', () => reject(new Error('closed without an answer')));
    sent.on('response', (answer) => {
      resolve(read(answer));
    });
    sent.end(body);
  });
}

/** A connection of its own, to an address that was checked. */
function open(
  { name, port, path, plain, addresses }: Target,
  headers: object,
  signal: AbortSignal,
): ClientRequest {
  const options: RequestOptions = {
    ...{ method: 'POST', host: name, port, path, agent: false, signal },
    headers: { ...headers, connection: 'close' },
    lookup: answering(addresses),
  };
  return plain ? plainRequest(options) : secureRequest(options);
}

/** Whoever connects is told what was checked, and asks nobody else. */
const answering =
  (addresses: readonly Resolved[]): LookupFunction =>
  (_, { all = false }, tell) => {
    const [first = { address: '', family: 4 }] = addresses;
    if (all) tell(null, [...addresses]);
    else tell(null, first.address, first.family);
  };

/** Reads an answer to its end, or until it is more than an answer should be; it is kept nowhere. */
async function read(answer: IncomingMessage): Promise<Came> {
  const chunks: AsyncIterable<Buffer> = answer;
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > LARGEST_ANSWER) {
      answer.destroy();
      return { failure: 'answer-too-large' };
    }
  }
  return { status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] };
}

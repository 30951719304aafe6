import { request } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { problemShape, type Problem } from '#contract/problem.js';
import type { ApiDoor, Got } from './door.js';

/** Whatever listens at an address. */
type Listening = Pick<ApiDoor, 'url'>;

const BOUNDARY = 'a-boundary-of-the-test';

/** One part of a form. A part with a name of a file is what browsers send for files. */
export interface Part {
  readonly name: string;
  readonly content: string | Buffer;
  readonly type?: string;
  readonly filename?: string;
}

export const words = { documentKind: 'policy', datedOn: '2029-02-01' };

export const metadata = (more: object = {}): Part => ({
  ...{ name: 'metadata', content: JSON.stringify({ ...words, ...more }), type: 'application/json' },
});
export const file = (content: string | Buffer, more: Partial<Part> = {}): Part => ({
  ...{ name: 'file', content, filename: 'file.txt', type: 'application/octet-stream' },
  ...more,
});

/** The head of a part, up to its bytes. */
export function headOf({ name, type, filename }: Omit<Part, 'content'>): string {
  const named = filename === undefined ? '' : `; filename="${filename}"`;
  const typed = type === undefined ? '' : `content-type: ${type}\r\n`;
  return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${named}\r\n${typed}\r\n`;
}

export const END = `--${BOUNDARY}--\r\n`;

/** A whole form, as it goes over the line. */
export const formOf = (...parts: readonly Part[]): Buffer =>
  Buffer.concat([
    ...parts.flatMap((part) => [Buffer.from(headOf(part)), Buffer.from(part.content), Buffer.from('\r\n')]),
    Buffer.from(END),
  ]);

/** Who sends a form, and under which key. */
export interface Sender {
  readonly token: string;
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const headersOf = ({ token, key, headers }: Sender): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'idempotency-key': key,
  'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
  ...headers,
});

/** Sends bytes to the upload of evidence, all at once or as they come. */
export function sendForm({ url }: Listening, sender: Sender, form: Buffer | Readable): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL('/v1/evidence', url),
      { method: 'POST', headers: headersOf(sender) },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: Buffer.concat(chunks) }),
        );
      },
    );
    sent.on('error', reject);
    if (Buffer.isBuffer(form)) sent.end(form);
    else pipeline(form, sent).catch(reject);
  });
}

/** The problem that answers a form. */
export async function formProblem(door: Listening, sender: Sender, form: Buffer): Promise<Problem> {
  const { headers, bytes } = await sendForm(door, sender, form);
  expect(headers['content-type']).toContain('application/problem+json');
  return problemShape.parse(JSON.parse(bytes.toString()));
}

import type { MultipartFile } from '@fastify/multipart';
import type { z } from 'zod';
import { evidenceWords } from '#contract/routes/evidence.js';
import type { Request } from '../http/fastify.js';
import { Fault } from '../http/fault.js';
import { LARGEST_FILE, LARGEST_JSON, readJson } from '../http/json.js';
import { checkedBody } from '../http/shape.js';
import { requestId } from '../http/visit.js';

/** A request that brings a file: what is said of it, and its bytes, still on their way. */
export interface Upload {
  readonly id: string;
  readonly words: z.output<typeof evidenceWords>;
  /** The media type that the part names. */
  readonly said: string | undefined;
  readonly content: AsyncIterable<Buffer>;
}

/** Reads the parts in their order, `metadata`, then `file`, and nothing after it. */
export async function withUpload<T>(request: Request, work: (upload: Upload) => Promise<T>): Promise<T> {
  if (!request.isMultipart())
    throw new Fault('media-type-not-supported', 'Send multipart/form-data, with `metadata` before `file`.');
  if (Number(request.headers['content-length']) > LARGEST_FILE + LARGEST_JSON) throw tooLarge();
  try {
    const parts = partsOf(request);
    const words = checkedBody(evidenceWords, readJson(await whole(await next(parts, 'metadata'))));
    const part = await next(parts, 'file');
    return await work({ id: requestId(request), words, said: part.mimetype, content: alone(part, parts) });
  } catch (error) {
    // What nobody reads any more is still taken off the line, so that the answer is heard.
    request.raw.unpipe();
    request.raw.resume();
    throw error;
  }
}

type Parts = AsyncGenerator<MultipartFile, void>;

/** Every part is a file to the parser; whatever it stumbles over is the sender's. */
async function* partsOf(request: Request): Parts {
  try {
    for await (const part of request.parts()) if (part.type === 'file') yield part;
  } catch {
    throw malformed('The parts cannot be read, or the sending broke off.');
  }
}

async function next(parts: Parts, name: string): Promise<MultipartFile> {
  const { value } = await parts.next();
  if (value?.fieldname !== name)
    throw malformed('There is a part `metadata` with JSON first, and a part `file` after it.');
  return value;
}

/** The bytes of the file; when they are over, nothing else may follow. */
async function* alone(part: MultipartFile, parts: Parts): AsyncGenerator<Buffer> {
  yield* bytesOf(part);
  if (part.file.truncated) throw tooLarge();
  if ((await parts.next()).done !== true) throw malformed('One request brings one file.');
}

async function whole(part: MultipartFile): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of bytesOf(part)) {
    pieces.push(piece);
    if (pieces.reduce((sum, { length }) => sum + length, 0) > LARGEST_JSON)
      throw new Fault('body-too-large', 'The metadata may have 1 MiB.');
  }
  return Buffer.concat(pieces);
}

async function* bytesOf({ file }: MultipartFile): AsyncGenerator<Buffer> {
  try {
    for await (const piece of file) yield bufferOf(piece);
  } catch {
    throw malformed('The sending broke off.');
  }
}

function bufferOf(piece: unknown): Buffer {
  if (Buffer.isBuffer(piece)) return piece;
  throw new TypeError('a file comes as bytes');
}

const malformed = (detail: string): Fault => new Fault('malformed-request', detail);
const tooLarge = (): Fault => new Fault('body-too-large', 'A file of evidence may have 5 GiB.');

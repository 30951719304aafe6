import type { MultipartFile } from '@fastify/multipart';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { evidenceWords } from '#contract/routes/evidence.js';
import type { Request } from '../http/fastify.js';
import { Fault } from '../http/fault.js';
import { readJson } from '../http/json.js';
import { checkedBody } from '../http/shape.js';
import { requestId } from '../http/visit.js';

/** A request that brings a file: what is said of it, and its bytes, still on their way. */
export interface Upload {
  readonly id: string;
  readonly words: z.output<typeof evidenceWords>;
  /** The media type that the part names. */
  readonly said: string | undefined;
  readonly content: Readable;
}

/** The parts in their order: `metadata`, then `file`. */
export async function uploadIn(request: Request): Promise<Upload> {
  if (!request.isMultipart())
    throw new Fault('media-type-not-supported', 'Send multipart/form-data, with `metadata` before `file`.');
  let words: Upload['words'] | undefined;
  for await (const part of request.parts()) {
    if (part.type === 'field' && part.fieldname === 'metadata') {
      words = checkedBody(evidenceWords, readJson(Buffer.from(String(part.value))));
    } else if (part.type === 'file' && part.fieldname === 'file' && words) {
      return { id: requestId(request), words, said: part.mimetype, content: whole(part) };
    } else break;
  }
  throw new Fault(
    'malformed-request',
    'There is a part `metadata` with JSON first, and a part `file` after it.',
  );
}

/** The stream of a part that was cut at the limit ends like a whole one: the difference is told here. */
function whole({ file }: MultipartFile): Readable {
  file.on('limit', () =>
    file.destroy(new Fault('body-too-large', 'The file is larger than this installation takes.')),
  );
  return file;
}

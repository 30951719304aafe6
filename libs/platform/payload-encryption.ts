import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';

/** `<id>:<32 bytes in base64>`. The id stands beside what the key has encrypted. */
export const PAYLOAD_KEY = /^([\w.-]{1,64}):([A-Za-z0-9+/_-]{43}=?)$/;

const ENCODING = Buffer.from('binary/encrypted');
const CIPHER = 'aes-256-gcm';
const [NONCE, TAG, LENGTH] = [12, 16, 4];

/** What was encrypted under a key that is not known here. */
export class UnknownPayloadKey extends Error {
  override readonly name = 'UnknownPayloadKey';

  constructor(id: string) {
    super(
      `the workflow server holds what was encrypted under the key ${id}, which PERENNIAL_PAYLOAD_KEYS does not name: ` +
        'put it back behind the newest one; where it is lost, perennial processes rebuild begins every process anew from the ledger',
    );
  }
}

/** What was changed since it was encrypted, or never was encrypted under the key that it names. */
export class ChangedPayload extends Error {
  override readonly name = 'ChangedPayload';

  constructor(id: string) {
    super(`what the workflow server holds is not what was encrypted under the key ${id}`);
  }
}

/**
 * What the workflow server keeps of arguments, messages, results and failures, by AES-256-GCM. The first key encrypts, each decrypts what
 * it has encrypted; without keys nothing is encrypted. What came in plain before is taken as it is.
 */
export class PayloadEncryption implements PayloadCodec {
  private readonly keys: ReadonlyMap<string, Buffer>;

  /** As the configuration has them, the newest first. */
  constructor(keys: readonly string[]) {
    this.keys = new Map(keys.map(keyIn));
  }

  encode(payloads: Payload[]): Promise<Payload[]> {
    const [newest] = this.keys;
    return Promise.resolve(newest ? payloads.map((payload) => encrypted(payload, ...newest)) : payloads);
  }

  decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve().then(() => payloads.map((payload) => this.plain(payload)));
  }

  private plain(payload: Payload): Payload {
    const { encoding, key: id } = payload.metadata ?? {};
    if (!encoding || !id || !ENCODING.equals(encoding)) return payload;
    const name = Buffer.from(id).toString('utf8');
    const key = this.keys.get(name);
    if (!key) throw new UnknownPayloadKey(name);
    try {
      return unpacked(decrypted(Buffer.from(payload.data ?? []), key, id));
    } catch {
      throw new ChangedPayload(name);
    }
  }
}

/** How a worker writes what the server keeps. With keys the texts of failures are encrypted too. */
export const workerConverter = (keys: readonly string[] = []): DataConverter => ({
  payloadCodecs: [new PayloadEncryption(keys)],
  ...(keys.length > 0 ? { failureConverterPath: failureConverterFile } : {}),
});

/** How a client does. */
export const clientConverter = (keys: readonly string[] = []): DataConverter => ({
  payloadCodecs: [new PayloadEncryption(keys)],
});

/** The worker loads it by its path, compiled or not. */
const failureConverterFile = fileURLToPath(
  new URL(`failure-converter${extname(import.meta.url)}`, import.meta.url),
);

function keyIn(text: string): [string, Buffer] {
  const [, id = '', key = ''] = PAYLOAD_KEY.exec(text) ?? [];
  return [id, Buffer.from(key, 'base64')];
}

function encrypted(payload: Payload, id: string, key: Buffer): Payload {
  const [nonce, named] = [randomBytes(NONCE), Buffer.from(id)];
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(named);
  const text = Buffer.concat([cipher.update(packed(payload)), cipher.final()]);
  return {
    metadata: { encoding: ENCODING, key: named },
    data: Buffer.concat([nonce, cipher.getAuthTag(), text]),
  };
}

function decrypted(data: Buffer, key: Buffer, id: Uint8Array): Buffer {
  const tag = data.subarray(NONCE, NONCE + TAG);
  const decipher = createDecipheriv(CIPHER, key, data.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(id).setAuthTag(tag);
  return Buffer.concat([decipher.update(data.subarray(NONCE + TAG)), decipher.final()]);
}

const headOf = z.record(z.string(), z.string());

/** The length of its metadata, these as JSON, and the bytes, which are a list where there are none. */
function packed({ metadata, data }: Payload): Buffer {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [
    name,
    Buffer.from(value).toString('base64'),
  ]);
  const head = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(LENGTH);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, Buffer.from(data ?? [])]);
}

function unpacked(bytes: Buffer): Payload {
  const end = LENGTH + bytes.readUInt32BE(0);
  const head = headOf.parse(JSON.parse(bytes.subarray(LENGTH, end).toString('utf8')));
  const entries = Object.entries(head).map(([name, text]): [string, Buffer] => [
    name,
    Buffer.from(text, 'base64'),
  ]);
  return { metadata: Object.fromEntries(entries), data: bytes.subarray(end) };
}

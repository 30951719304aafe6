import { createHmac, randomFillSync } from 'node:crypto';

/** What an id is made from: the organisation's clock, and chance (from the seed in a sandbox). */
export interface IdSource {
  now: () => number;
  random: (size: number) => Uint8Array;
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TEXT_LENGTH = 26;

export const cryptoRandom = (size: number): Uint8Array => randomFillSync(new Uint8Array(size));

/** `<prefix>_<26 characters>`: a UUIDv7 in lower-case Crockford base 32. */
export function newId(prefix: string, source: IdSource): string {
  return `${prefix}_${encode(shapeAsV7(source.random(16), source.now()))}`;
}

/** The same ids each time for the same seed and key: by them a request that is sent again finds what the first one made. */
export function seededSource(seed: string, key: string, now: () => number): IdSource {
  let ordinal = 0;
  const random = (size: number): Uint8Array => {
    ordinal += 1;
    return createHmac('sha256', seed)
      .update(`${key}\n${String(ordinal)}`)
      .digest()
      .subarray(0, size);
  };
  return { now, random };
}

export const machineSource: IdSource = { now: () => Date.now(), random: cryptoRandom };

/** The uuid that PostgreSQL stores. Undefined when the text is no id of this prefix. */
export function uuidOf(id: string, prefix?: string): string | undefined {
  const cut = id.lastIndexOf('_');
  if (cut <= 0 || (prefix !== undefined && id.slice(0, cut) !== prefix)) return undefined;
  const value = decode(id.slice(cut + 1));
  if (value === undefined) return undefined;
  const hex = value.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export function idOf(prefix: string, uuid: string): string {
  return `${prefix}_${encode(Buffer.from(uuid.replaceAll('-', ''), 'hex'))}`;
}

/** 48 bits of milliseconds, version 7, variant 10, the rest by chance (RFC 9562, 5.7). */
function shapeAsV7(random: Uint8Array, now: number): Uint8Array {
  const bytes = Buffer.from(random);
  bytes.writeUIntBE(Math.trunc(now), 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes;
}

/** The 128 bits of a UUID behind two that are zero, five to a character. */
function encode(uuid: Uint8Array): string {
  let text = '';
  let [held, bits] = [0, TEXT_LENGTH * 5 - 128];
  for (const byte of uuid) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET.charAt((held >> (bits - 5)) & 31);
  }
  return text;
}

/** Only what `encode` writes: no capitals and no look-alikes, so that one thing has one id. */
function decode(text: string): bigint | undefined {
  if (text.length !== TEXT_LENGTH || !/^[0-7]/.test(text)) return undefined;
  let value = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return undefined;
    value = (value << 5n) | BigInt(digit);
  }
  return value;
}

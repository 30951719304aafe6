import { hash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { isPersonId } from '#domain/person/facts.js';
import { prepared } from './prepared.js';
import { withClient } from './transaction.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_LENGTH = 32;
const CHECK_LENGTH = 6;
const SHOWN_LENGTH = 12;
const FORM = /^prn_(live|test|person|link|proof)_[0-9A-Za-z]{32}[0-9A-Za-z]{6}$/;

/** What a credential is for: a key of a live or of a sandbox organisation, a token of a person, a link to set a password, or what proves an identity. */
export type CredentialKind = 'live' | 'test' | 'person' | 'link' | 'proof';

/** A credential: shown once, known from then on by its hash. */
export interface Credential {
  readonly text: string;
  readonly hash: string;
  /** Its first characters, by which people tell keys apart. */
  readonly shown: string;
}

/** Whom a credential stands for. */
export interface Holder {
  readonly principal: Id;
  readonly organisation: Id;
  readonly auth: string;
  /** The hash of a person's credential, which may end while they act. */
  readonly credential?: string;
  readonly scopes: readonly string[];
  /** False for a person who holds no role any more, or none yet. */
  readonly holds: boolean;
}

/** `rests`: the session has not been noted as used for some minutes, or the key for an hour. */
type Found = Holder & { readonly rests?: boolean | null };

/** A new credential; each character is drawn without preference, so bytes beyond the last full round are thrown away. */
export function newCredential(kind: CredentialKind, random: (size: number) => Uint8Array): Credential {
  let secret = '';
  while (secret.length < SECRET_LENGTH) {
    for (const byte of random(SECRET_LENGTH)) {
      if (byte < 248 && secret.length < SECRET_LENGTH) secret += ALPHABET.charAt(byte % 62);
    }
  }
  const start = `prn_${kind}_${secret}`;
  const text = start + checkOf(start);
  return { text, hash: hashOf(text), shown: text.slice(0, SHOWN_LENGTH) };
}

/** False for a mistyped or cut-off credential: no database need be asked. */
export function isWellFormed(text: string): boolean {
  return FORM.test(text) && checkOf(text.slice(0, -CHECK_LENGTH)) === text.slice(-CHECK_LENGTH);
}

export const hashOf = (text: string): string => hash('sha256', text);

/** Credentials are found by their hash, and never listed. */
export class Credentials {
  constructor(private readonly source: DataSource) {}

  /** Whom it stands for; nobody when it is mistyped, unknown, revoked or over. */
  async find(text: string): Promise<Holder | undefined> {
    if (!isWellFormed(text)) return undefined;
    const credential = hashOf(text);
    return withClient(this.source, async (client) => {
      const { rows } = await client.query<{ holder: Found | null }>(
        prepared('select perennial.find_credential($1) as holder', [credential]),
      );
      const found = rows[0]?.holder ?? undefined;
      if (found?.rests === true) await client.query('select perennial.note_use($1)', [credential]);
      return found && isPersonId(found.principal) ? { ...found, credential } : found;
    });
  }

  /** True for a credential that was right and has come to its last day; whoever holds it may know. */
  async isOver(text: string): Promise<boolean> {
    if (!isWellFormed(text)) return false;
    return withClient(this.source, async (client) => {
      const { rows } = await client.query<{ over: boolean }>('select perennial.is_over($1) as over', [
        hashOf(text),
      ]);
      return rows[0]?.over === true;
    });
  }

  /** Keeps a token of a person; a key is kept by its own first fact. */
  async add(
    { hash: hashed }: Credential,
    person: { id: Id; organisation: Id; expiresAt: string },
  ): Promise<void> {
    await withClient(this.source, (client) =>
      client.query('select perennial.add_credential($1, $2, $3, $4)', [
        hashed,
        person.id,
        person.organisation,
        person.expiresAt,
      ]),
    );
  }

  /** Ends all tokens of a person. */
  async revoke(person: Id): Promise<void> {
    await withClient(this.source, (client) =>
      client.query('select perennial.revoke_credentials($1)', [person]),
    );
  }
}

/** CRC-32 of what stands before, in base 62: a secret scanner and our first line of code refuse a mistyped key by it. */
function checkOf(text: string): string {
  let rest = crc32(Buffer.from(text));
  let check = '';
  for (let place = 0; place < CHECK_LENGTH; place += 1) {
    check = ALPHABET.charAt(rest % 62) + check;
    rest = Math.floor(rest / 62);
  }
  return check;
}

const POLYNOMIAL = 0xedb88320;

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { cryptoRandom, machineSource, newId } from '#platform/ids.js';
import { withClient } from './transaction.js';

const SECRET_BYTES = 32;
/** What stands before the 32 bytes of an Ed25519 key in its DER. (RFC 8410) */
const BEFORE_KEY = 12;

/** A secret that was just made: it is shown once, and known from then on by its name. */
export interface WebhookSecret {
  readonly name: Id;
  /** `whsec_` and base64. (Standard Webhooks) */
  readonly text: string;
}

/** A pair that was just made: its private half is shown to nobody. */
export interface WebhookPair {
  readonly name: Id;
  /** `whpk_` and base64. (Standard Webhooks) */
  readonly publicKey: string;
}

/** Makes what calls are signed with, and keeps it where the worker alone reads it. What no endpoint names is taken away after a day. */
export class WebhookSecrets {
  constructor(private readonly source: DataSource) {}

  async secret(): Promise<WebhookSecret> {
    const bytes = Buffer.from(cryptoRandom(SECRET_BYTES));
    return { name: await this.keep('v1', bytes), text: `whsec_${bytes.toString('base64')}` };
  }

  async pair(): Promise<WebhookPair> {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const name = await this.keep('v1a', privateKey.export({ format: 'der', type: 'pkcs8' }));
    return { name, publicKey: `whpk_${rawOf(publicKey).toString('base64')}` };
  }

  /** Those that no endpoint came to name. */
  async drop(names: readonly Id[]): Promise<void> {
    await withClient(this.source, (client) =>
      client.query('select perennial.drop_webhook_secrets($1)', [names]),
    );
  }

  private async keep(kind: 'v1' | 'v1a', secret: Buffer): Promise<Id> {
    const name = newId('whs', machineSource);
    await withClient(this.source, (client) =>
      client.query('select perennial.keep_webhook_secret($1, $2, $3)', [name, kind, secret]),
    );
    return name;
  }
}

const rawOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(BEFORE_KEY);

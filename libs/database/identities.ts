import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { hashOf, type Credential } from './credentials.js';
import type { Account } from './sign-in.js';
import { valueOf } from './transaction.js';

/** Who somebody is at a provider. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** A way to a provider, begun in a browser: what comes back must fit to all of it. */
export interface Flow {
  /** What the browser keeps for us meanwhile. */
  readonly browser: string;
  readonly provider: string;
  readonly state: string;
  readonly nonce: string;
  /** Of the exchange of the code. (PKCE, RFC 7636) */
  readonly verifier: string;
  /** Of whoever wants the proof in the end. */
  readonly challenge: string;
}

/** What was kept of a flow until it came back. */
export type Begun = Pick<Flow, 'nonce' | 'verifier' | 'challenge'>;

/** Somebody shows a proof, and that they have begun the flow from which it came. */
export interface Shown {
  readonly proof: string;
  readonly challenge: string;
}

/** Why an identity is not linked. */
export type NotLinked =
  'proof-invalid' | 'link-invalid' | 'identity-taken' | 'sign-in-not-fresh' | 'person-required';

/** An identity that was linked, and the mail address of the account. */
export type Linked = { readonly id: Id; readonly mail: string } | { readonly refused: NotLinked };

/** An identity of somebody, as it is listed; instants in UTC. */
export interface Kept extends Identity {
  readonly id: Id;
  readonly linkedAt: string;
  readonly usedAt: string | null;
}

/** Identities at providers, and how one is proved. Rows are reached by functions alone; secrets are kept as their hashes. */
export class Identities {
  constructor(private readonly source: DataSource) {}

  async begin({ state, browser, provider, nonce, verifier, challenge }: Flow): Promise<void> {
    const values = [hashOf(state), hashOf(browser), provider, nonce, verifier, challenge];
    await this.one('begin_flow($1, $2, $3, $4, $5, $6)', values);
  }

  /** What was begun, once; nothing for a state that is unknown, was used, is over, or belongs to another browser or provider. */
  async end({
    state,
    browser,
    provider,
  }: Pick<Flow, 'state' | 'browser' | 'provider'>): Promise<Begun | undefined> {
    return (
      (await this.one<Begun>('end_flow($1, $2, $3)', [hashOf(state), hashOf(browser), provider])) ?? undefined
    );
  }

  async keepProof({ hash }: Credential, challenge: string, { issuer, subject }: Identity): Promise<void> {
    await this.one('keep_proof($1, $2, $3, $4)', [hash, challenge, issuer, subject]);
  }

  /** The accounts that a proof opens, which may be none; undefined for a proof that is not good. */
  async find({ proof, challenge }: Shown): Promise<readonly Account[] | undefined> {
    const found = await this.one<{ accounts: readonly Account[] }>('find_proof($1, $2)', [
      hashOf(proof),
      challenge,
    ]);
    return found?.accounts;
  }

  /** Opens a session and uses the proof up; answers until when it counts at most. */
  async open(
    { proof, challenge }: Shown,
    principal: Id,
    { credential, device }: { readonly credential: Credential; readonly device: string | null },
  ): Promise<string | undefined> {
    const values = [hashOf(proof), challenge, principal, credential.hash, device];
    return (await this.one<string>('open_by_proof($1, $2, $3, $4, $5)', values)) ?? undefined;
  }

  /** Links it to whoever has opened this session a moment ago. */
  async link(
    { proof, challenge }: Shown,
    id: Id,
    { principal, auth }: { readonly principal: Id; readonly auth: string },
  ): Promise<Linked> {
    return this.linked('link_identity($1, $2, $3, $4, $5)', [hashOf(proof), challenge, id, principal, auth]);
  }

  /** Links it to whose mailbox got the link; it takes the place of password, other identities and sessions. */
  async linkByLink({ proof, challenge }: Shown, id: Id, link: string): Promise<Linked> {
    const values = [hashOf(proof), challenge, id, hashOf(link)];
    return this.linked('link_identity_by_link($1, $2, $3, $4)', values);
  }

  /** The newest first. */
  async list(principal: Id, before: Id | undefined, limit: number): Promise<readonly Kept[]> {
    return (
      (await this.one<readonly Kept[]>('identities_of($1, $2, $3)', [principal, before ?? null, limit])) ?? []
    );
  }

  /** Also ends the sessions that it has opened. False when this person has no such identity. */
  async remove(principal: Id, id: Id): Promise<boolean> {
    return (await this.one<boolean>('remove_identity($1, $2)', [principal, id])) === true;
  }

  private async linked(call: string, values: unknown[]): Promise<Linked> {
    const came = await this.one<Linked>(call, values);
    if (came === null) throw new Error('the database said nothing of what became of an identity');
    return came;
  }

  private one<T>(call: string, values: unknown[]): Promise<T | null> {
    return valueOf(this.source, call, values);
  }
}

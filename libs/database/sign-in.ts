import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import type { Credential } from './credentials.js';
import { valueOf } from './transaction.js';

/** What is kept of an address: its password as a PHC string, and the accounts that it opens. */
export interface Kept {
  readonly phc: string | null;
  readonly accounts: readonly Account[];
}

/** One account of a person. */
export interface Account {
  readonly principal: Id;
  readonly organisation: Id;
}

/** One place where somebody is signed in; instants in UTC. */
export interface Session {
  readonly id: Id;
  readonly device: string | null;
  readonly madeAt: string;
  readonly usedAt: string;
  readonly expiresAt: string;
}

/** How many may knock within an hour: about one address from one place, and from one place at all. */
export interface Limits {
  readonly most: number;
  readonly mostOfPlace: number;
}

/** Passwords, the links by which they are set, and sessions. Rows are reached by functions alone. */
export class SignIns {
  constructor(private readonly source: DataSource) {}

  /** Counts somebody who knocks. Answers after how many seconds it is worth knocking again, where there were too many. */
  async knock(mail: string, place: string, { most, mostOfPlace }: Limits): Promise<number | undefined> {
    const again = await this.one<number>('try_knock($1, $2, $3, $4)', [mail, place, most, mostOfPlace]);
    return again ?? undefined;
  }

  /** Whoever got in did not knock in vain: the last so many are forgotten. */
  async forgetKnocks(mail: string, place: string, last: number): Promise<void> {
    await this.one('forget_knocks($1, $2, $3)', [mail, place, last]);
  }

  async find(mail: string): Promise<Kept> {
    return (await this.one<Kept>('find_password($1)', [mail])) ?? { phc: null, accounts: [] };
  }

  /** Opens a session by a password that is still the one; answers until when it counts at most. */
  async open(
    { hash }: Credential,
    principal: Id,
    { device, phc }: { readonly device: string | null; readonly phc: string },
  ): Promise<string | undefined> {
    return (
      (await this.one<string>('open_session($1, $2, $3, $4)', [hash, principal, device, phc])) ?? undefined
    );
  }

  async sessions(principal: Id): Promise<readonly Session[]> {
    return (await this.one<readonly Session[]>('sessions_of($1)', [principal])) ?? [];
  }

  /** False when this person has no such session. */
  async end(principal: Id, session: Id): Promise<boolean> {
    return (await this.one<boolean>('end_session($1, $2)', [principal, session])) === true;
  }

  /** The worker sends a link to the first account of the address, if there is one. */
  async askForLink(mail: string): Promise<void> {
    await this.one('ask_for_link($1)', [mail]);
  }

  /** Whose password a link sets; nobody's when it or another of the address was used, or it is over. */
  async linked(hash: string): Promise<{ readonly mail: string; readonly name: string | null } | undefined> {
    return (await this.one<{ mail: string; name: string | null }>('find_link($1)', [hash])) ?? undefined;
  }

  /** Sets the password, ends every session of the address, and uses the link up. False when the link is not good any more. */
  async setPassword(hash: string, phc: string): Promise<boolean> {
    return (await this.one<boolean>('set_password($1, $2)', [hash, phc])) === true;
  }

  private one<T>(call: string, values: unknown[]): Promise<T | null> {
    return valueOf(this.source, call, values);
  }
}

import { Injectable } from '@nestjs/common';
import { signInBody } from '#contract/routes/session.js';
import { newCredential } from '#database/credentials.js';
import type { SignIns } from '#database/sign-in.js';
import { cryptoRandom } from '#platform/ids.js';
import { TooBusy, type PasswordHash } from '#platform/password-hash.js';
import { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import type { Knocker } from '../http/knocking.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { chosen } from './chosen.js';
import { tooOften, whenBusy } from './too-often.js';

/** Within an hour: for one address from one place, and from one place, which may be a whole office, for whatever address. */
const LIMITS = { most: 10, mostOfPlace: 100 };

/** Signs people in and out. An address that nobody has and a password that is wrong take as long and are told alike. */
@Injectable()
export class SignInService {
  constructor(
    private readonly signIns: SignIns,
    private readonly hash: PasswordHash,
  ) {}

  async signIn({ body }: Sent, { place, device }: Knocker): Promise<Answer> {
    const { mail, password, account } = signInBody.parse(body);
    const again = await this.signIns.knock(mail, place, LIMITS);
    if (again !== undefined) throw tooOften(again);
    const { phc, accounts } = await this.signIns.find(mail);
    if (!(await this.matches(password, phc, { mail, place })) || phc === null) throw refused();
    const { principal, organisation } = chosen(accounts, account);
    const credential = newCredential('person', cryptoRandom);
    const expiresAt = await this.signIns.open(credential, principal, { device, phc });
    if (expiresAt === undefined) throw refused();
    await this.signIns.forgetKnocks(mail, place, LIMITS.most);
    const opened = { token: credential.text, principal, organisation, expiresAt };
    return new Answer(201, opened, { 'cache-control': 'no-store' });
  }

  async signOut(caller: Caller): Promise<Answer> {
    return this.end(caller.auth, caller);
  }

  async devices({ principal, auth }: Caller): Promise<Answer> {
    const sessions = await this.signIns.sessions(principal);
    return new Answer(200, { data: sessions.map((one) => ({ ...one, isThis: one.id === auth })) });
  }

  async end(id: string, { principal }: Caller): Promise<Answer> {
    if (!(await this.signIns.end(principal, id))) throw notFound();
    return new Answer(204, undefined);
  }

  /** Whom we had no time for has not tried. */
  private async matches(password: string, phc: string | null, { mail, place }: Tried): Promise<boolean> {
    try {
      return await this.hash.matches(password, phc, place);
    } catch (error) {
      if (error instanceof TooBusy) await this.signIns.forgetKnocks(mail, place, 1);
      throw whenBusy(error);
    }
  }
}

interface Tried {
  readonly mail: string;
  readonly place: string;
}

const refused = (): Fault => new Fault('sign-in-refused', 'Nobody has this mail address with this password.');

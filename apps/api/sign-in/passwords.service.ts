import { Injectable } from '@nestjs/common';
import { askBody, passwordBody } from '#contract/routes/session.js';
import { isWellFormed, hashOf } from '#database/credentials.js';
import type { SignIns } from '#database/sign-in.js';
import type { PasswordHash } from '#platform/password-hash.js';
import { Answer } from '../http/answer.js';
import { Fault } from '../http/fault.js';
import type { Knocker } from '../http/knocking.js';
import type { Sent } from '../http/sent.js';
import { Guesses } from './guessable.js';
import { tooOften, whenBusy } from './too-often.js';

/** Within an hour, from one place: links for one address, and links at all. A link itself needs no limit: nobody guesses one. */
const LIMITS = { most: 5, mostOfPlace: 100 };

/** Passwords are set by a link that goes to the mail address and to nobody else: there is no default one, and no inviter knows one. */
@Injectable()
export class PasswordsService {
  private readonly guesses = new Guesses();

  constructor(
    private readonly signIns: SignIns,
    private readonly hash: PasswordHash,
  ) {}

  async ask({ body }: Sent, { place }: Knocker): Promise<Answer> {
    const { mail } = askBody.parse(body);
    const again = await this.signIns.knock(mail, `link ${place}`, LIMITS);
    if (again !== undefined) throw tooOften(again);
    await this.signIns.askForLink(mail);
    return new Answer(204, undefined);
  }

  async set({ body }: Sent, { place }: Knocker): Promise<Answer> {
    const { link, password } = passwordBody.parse(body);
    const whose = isWellFormed(link) ? await this.signIns.linked(hashOf(link)) : undefined;
    if (whose === undefined) throw notGood();
    if (await this.guesses.isGuessable(password, [whose.mail, whose.name])) throw tooEasy();
    if (!(await this.signIns.setPassword(hashOf(link), await this.phcOf(password, place)))) throw notGood();
    return new Answer(204, undefined);
  }

  private async phcOf(password: string, place: string): Promise<string> {
    try {
      return await this.hash.of(password, place);
    } catch (error) {
      throw whenBusy(error);
    }
  }
}

const notGood = (): Fault => new Fault('link-invalid', 'It was used, another one was used, or it is over.');

function tooEasy(): Fault {
  const detail =
    'It is guessed too easily: take several words that have nothing to do with you, or have one made.';
  return new Fault('invalid-body', `/password: ${detail}`, {
    errors: [{ pointer: '/password', code: 'too-easy', detail }],
  });
}

import { Controller } from '@nestjs/common';
import { passwords, session } from '#contract/routes/session.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Knocking, type Knocker } from '../http/knocking.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { PasswordsService } from './passwords.service.js';
import { SignInService } from './sign-in.service.js';

/** How people come in and go, and how they come to a password. */
@Controller()
export class SignInController {
  constructor(
    private readonly signIns: SignInService,
    private readonly passwords: PasswordsService,
  ) {}

  @Serves(session.signIn)
  signIn(@Checked() sent: Sent, @Knocking() knocker: Knocker): Promise<Answer> {
    return this.signIns.signIn(sent, knocker);
  }

  @Serves(session.signOut)
  signOut(@Checked() _sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.signIns.signOut(caller);
  }

  @Serves(session.devices)
  devices(@Checked() _sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.signIns.devices(caller);
  }

  @Serves(session.endDevice)
  endDevice(@Checked() { params }: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.signIns.end(params['id'] ?? '', caller);
  }

  @Serves(passwords.ask)
  ask(@Checked() sent: Sent, @Knocking() knocker: Knocker): Promise<Answer> {
    return this.passwords.ask(sent, knocker);
  }

  @Serves(passwords.set)
  set(@Checked() sent: Sent, @Knocking() knocker: Knocker): Promise<Answer> {
    return this.passwords.set(sent, knocker);
  }
}

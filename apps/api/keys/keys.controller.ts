import { Controller } from '@nestjs/common';
import { apiKeys } from '#contract/routes/people.js';
import { session } from '#contract/routes/session.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { KeysService } from './keys.service.js';
import { SessionService } from './session.service.js';

/** Keys of machines, and who one is here. */
@Controller()
export class KeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly session: SessionService,
  ) {}

  @Serves(apiKeys.commands.makeKey, apiKeys.commands.rotateKey)
  make(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.keys.make(sent, caller);
  }

  @Serves(session.get)
  who(@Checked() _sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.session.who(caller);
  }
}

import { Controller } from '@nestjs/common';
import { collections } from '#contract/routes/all.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { PastService } from './past.service.js';
import { isPlain } from './plain.js';
import { thenIn } from './then.js';
import { ThingsService } from './things.service.js';

const commands = collections.flatMap((one) => [...Object.values(one.commands), ...one.again]).filter(isPlain);

/** Every collection of things with a life: list, one, its history, what it owes, and its commands. */
@Controller()
export class ThingsController {
  constructor(
    private readonly things: ThingsService,
    private readonly past: PastService,
  ) {}

  @Serves(...collections.map(({ list }) => list))
  list(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    const then = thenIn(sent);
    return then ? this.past.list(sent, then, caller) : this.things.list(sent, caller);
  }

  @Serves(...collections.map(({ get }) => get))
  get(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    const then = thenIn(sent);
    return then ? this.past.get(sent, then, caller) : this.things.get(sent, caller);
  }

  @Serves(...collections.map(({ entries }) => entries))
  entries(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    const then = thenIn(sent);
    return then ? this.past.entries(sent, then, caller) : this.things.entries(sent, caller);
  }

  @Serves(...collections.map(({ obligations }) => obligations))
  obligations(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    const then = thenIn(sent);
    return then ? this.past.obligations(sent, then, caller) : this.things.obligations(sent, caller);
  }

  @Serves(...commands)
  act(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.things.act(sent, caller);
  }
}

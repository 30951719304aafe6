import { Controller } from '@nestjs/common';
import { sandboxes } from '#contract/routes/sandboxes.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { CaughtService } from './caught.service.js';
import { ClockService } from './clock.service.js';
import { SandboxesService } from './sandboxes.service.js';

/** Sandboxes, their clocks, and what they hold back. */
@Controller()
export class SandboxesController {
  constructor(
    private readonly sandboxes: SandboxesService,
    private readonly clock: ClockService,
    private readonly caught: CaughtService,
  ) {}

  @Serves(sandboxes.create)
  create(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.sandboxes.create(sent, caller);
  }

  @Serves(sandboxes.list)
  list(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.sandboxes.list(sent, caller);
  }

  @Serves(sandboxes.get)
  get(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.sandboxes.get(sent, caller);
  }

  @Serves(sandboxes.actAs)
  actAs(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.sandboxes.actAs(sent, caller);
  }

  @Serves(sandboxes.advance)
  async advance(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.clock.advance(sent, caller, await this.sandboxes.one(sent.params['id'], caller));
  }

  @Serves(sandboxes.caught)
  async caughtNotices(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.caught.list(sent, caller, await this.sandboxes.one(sent.params['id'], caller));
  }
}

import { Controller } from '@nestjs/common';
import { outages, watches } from '#contract/routes/watches.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { WatchService } from './watch.service.js';

/** The daily watch and the outages. */
@Controller()
export class WatchController {
  constructor(private readonly watch: WatchService) {}

  @Serves(watches.run)
  run(@Checked() _sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.watch.run(caller);
  }

  @Serves(watches.list)
  watches(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.watch.watches(sent, caller);
  }

  @Serves(watches.get)
  one(@Checked() { params }: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.watch.one(params['id'], caller);
  }

  @Serves(outages.list)
  outages(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.watch.outages(sent, caller);
  }

  @Serves(outages.get)
  outage(@Checked() { params }: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.watch.outage(params['id'], caller);
  }
}

import { Controller } from '@nestjs/common';
import { entries } from '#contract/routes/entries.js';
import { obligations } from '#contract/routes/obligations.js';
import { processes } from '#contract/routes/processes.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { LedgerService } from './ledger.service.js';

/** Lists over all things. */
@Controller()
export class LedgerController {
  constructor(private readonly ledger: LedgerService) {}

  @Serves(entries.list)
  entries(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.ledger.entries(sent, caller);
  }

  @Serves(obligations.list)
  obligations(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.ledger.obligations(sent, caller);
  }

  @Serves(processes.list)
  processes(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.ledger.processes(sent, caller);
  }

  @Serves(processes.get)
  process(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.ledger.process(sent, caller);
  }
}

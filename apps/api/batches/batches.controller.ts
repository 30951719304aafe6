import { Controller } from '@nestjs/common';
import { batches } from '#contract/routes/batches.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { BatchesService } from './batches.service.js';

/** Several commands in one request. */
@Controller()
export class BatchesController {
  constructor(private readonly batches: BatchesService) {}

  @Serves(batches.run)
  run(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.batches.run(sent, caller);
  }
}

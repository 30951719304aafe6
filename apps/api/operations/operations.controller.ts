import { Controller } from '@nestjs/common';
import { operations } from '#contract/routes/sandboxes.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { OperationsService } from './operations.service.js';

/** What runs on after its answer. */
@Controller()
export class OperationsController {
  constructor(private readonly operations: OperationsService) {}

  @Serves(operations.get)
  get(@Checked() { params }: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.operations.get(params['id'], caller);
  }
}

import { Controller } from '@nestjs/common';
import { metrics } from '#contract/routes/metrics.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { MetricsService } from './metrics.service.js';

/** How the installation stands, in numbers. */
@Controller()
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Serves(metrics.read)
  read(@Checked() _sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.metrics.read(caller);
  }
}

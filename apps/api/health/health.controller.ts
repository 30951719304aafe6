import { Controller } from '@nestjs/common';
import { problemCodes, problemKind } from '#contract/problem.js';
import { system } from '#contract/routes/system.js';
import { Answer } from '../http/answer.js';
import { notFound } from '../http/fault.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import { HealthService } from './health.service.js';

/** What programs that watch over Perennial ask, and the pages about problems. */
@Controller()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Serves(system.live)
  live(): Answer {
    return new Answer(200, { status: 'ok', parts: {} });
  }

  @Serves(system.ready)
  async ready(): Promise<Answer> {
    const health = await this.health.ask();
    return new Answer(health.status === 'down' ? 503 : 200, health, { 'cache-control': 'no-store' });
  }

  @Serves(system.version)
  version(): Answer {
    return new Answer(200, this.health.version());
  }

  @Serves(system.openapi)
  openapi(): Answer {
    return new Answer(200, this.health.openapi());
  }

  @Serves(system.problem)
  problem(@Checked() { params }: Sent): Answer {
    const code = problemCodes.find((one) => one === params['code']);
    if (code === undefined) throw notFound();
    const { status, title, hint = null } = problemKind(code);
    return new Answer(200, { code, status, title, hint });
  }
}

import { Controller } from '@nestjs/common';
import { templates } from '#contract/routes/templates.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { TemplatesService } from './templates.service.js';

/** Documents to begin with. */
@Controller()
export class TemplatesController {
  constructor(private readonly templates: TemplatesService) {}

  @Serves(templates.list)
  list(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.templates.list(sent, caller);
  }

  @Serves(templates.get)
  get(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.templates.get(sent, caller);
  }
}

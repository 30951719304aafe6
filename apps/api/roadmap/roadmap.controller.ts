import { Controller } from '@nestjs/common';
import { roadmap } from '#contract/routes/roadmap.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { RoadmapService } from './roadmap.service.js';

/** The way of a programme. */
@Controller()
export class RoadmapController {
  constructor(private readonly roadmaps: RoadmapService) {}

  @Serves(roadmap.get)
  get(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.roadmaps.get(sent, caller);
  }
}

import { Controller, Req } from '@nestjs/common';
import { evidenceFiles } from '#contract/routes/evidence.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import type { Request } from '../http/fastify.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { EvidenceService } from './evidence.service.js';
import { withUpload } from './upload.js';

/** Files of evidence, in and out. */
@Controller()
export class EvidenceController {
  constructor(private readonly evidence: EvidenceService) {}

  @Serves(evidenceFiles.upload)
  upload(@Checked() _sent: Sent, @Req() request: Request, @Calling() caller: Caller): Promise<Answer> {
    return withUpload(request, (upload) => this.evidence.record(upload, caller));
  }

  @Serves(evidenceFiles.content)
  content(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.evidence.content(sent, caller);
  }
}

import { Controller } from '@nestjs/common';
import { webhookDeliveries, webhookEndpoints } from '#contract/routes/webhooks.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { DeliveriesService } from './deliveries.service.js';
import { WebhooksService } from './webhooks.service.js';

/** Endpoints whose secrets are made here, and the calls to them. */
@Controller()
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly deliveries: DeliveriesService,
  ) {}

  @Serves(webhookEndpoints.commands.addWebhookEndpoint)
  add(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.webhooks.add(sent, caller);
  }

  @Serves(webhookEndpoints.commands.rotateWebhookSecret)
  rotate(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.webhooks.rotate(sent, caller);
  }

  @Serves(webhookDeliveries.list)
  list(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.deliveries.list(sent, caller);
  }

  @Serves(webhookDeliveries.redeliver)
  redeliver(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.deliveries.redeliver(sent, caller);
  }
}

import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { eventTypeOf, placeOf } from '#contract/cloud-event.js';
import type { Commands } from '#database/commands.js';
import { deliveriesOf, type Delivery } from '#database/reading/deliveries.js';
import { viewAs } from '#database/reading/view.js';
import { redeliver } from '#database/webhooks.js';
import { mayAct, stood } from '#domain/act.js';
import { webhookEndpointMachine } from '#domain/webhook-endpoint/webhook-endpoint.js';
import { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import { pageOfRows } from '../http/page.js';
import type { PageTokens } from '../http/page-token.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';

/** The calls to endpoints: what became of each, and once more. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly source: DataSource,
    private readonly commands: Commands,
    private readonly tokens: PageTokens,
  ) {}

  list(sent: Sent, caller: Caller): Promise<Answer> {
    const { endpoint, status } = sent.query;
    return pageOfRows(this.tokens, sent, caller, async (limit, before) => {
      const rows = await viewAs(this.source, caller, (client) =>
        deliveriesOf(client, { endpoint, status, before }, limit),
      );
      return rows.map((row) => ({ place: row.id, row: shown(row) }));
    });
  }

  async redeliver({ params }: Sent, caller: Caller): Promise<Answer> {
    const found = await this.one(params['id'] ?? '', caller);
    await this.refuseUnlessKept(found, caller);
    await redeliver(this.source, caller.organisation, found.id);
    return new Answer(202, shown(await this.one(found.id, caller)));
  }

  private async one(id: string, caller: Caller): Promise<Delivery> {
    const [row] = await viewAs(this.source, caller, (client) => deliveriesOf(client, { id }, 1));
    if (!row) throw notFound();
    return row;
  }

  /** Whoever may switch an endpoint off may also have it called again. */
  private async refuseUnlessKept({ endpoint }: Delivery, caller: Caller): Promise<void> {
    const situation = await this.commands.situation(endpoint, caller);
    if (!situation) throw notFound();
    const possible = mayAct(webhookEndpointMachine, 'disableWebhookEndpoint', stood(situation));
    if (!('refused' in possible)) return;
    const [first] = possible.refused;
    throw new Fault(first?.code ?? 'wrong-state', first?.message ?? 'It is not called now.', {
      refusals: possible.refused,
    });
  }
}

const shown = ({ entry, place, type, ...row }: Delivery): object => ({
  ...row,
  object: 'webhook-delivery',
  event: entry,
  type: eventTypeOf(type),
  sequence: placeOf(place),
  links: { endpoint: `/v1/webhook-endpoints/${row.endpoint}` },
});

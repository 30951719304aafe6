import { events } from '#contract/routes/events.js';
import { people } from '#contract/routes/people.js';
import { webhookDeliveries, webhookEndpoints } from '#contract/routes/webhooks.js';
import { Commands } from '#database/commands.js';
import { openDatabase } from '#database/data-source.js';
import { Sequencer } from '#database/sequencer.js';
import { Traces } from '#database/traces.js';
import { Webhooks } from '#database/webhooks.js';
import type { Id } from '#domain/actor.js';
import { makeLog } from '#platform/log.js';
import { OutgoingCalls } from '#platform/outgoing-call.js';
import { untraced } from '#platform/tracing.js';
import { PublicAddresses, type Resolve } from '#platform/public-address.js';
import type { DataSource } from 'typeorm';
import type { Loop } from '../../../apps/worker/duties/loop.js';
import { startSequencing } from '../../../apps/worker/duties/sequencing.js';
import { startWebhooks } from '../../../apps/worker/duties/webhooks.js';
import { until } from '../../support/live.js';
import type { ApiDoor } from './door.js';
import type { Somebody } from './people.js';
import { look } from './traces.js';

/** How long a call may take here. */
const WHOLE_MS = 1_500;
const PATIENCE_MS = 20_000;

/** Every name leads to this machine, but for those that say where they lead: `10-0-0-1.leads.example`. */
const resolve: Resolve = (name) => {
  const [, dashed] = /^([\d-]+)\.leads\.example$/.exec(name) ?? [];
  return Promise.resolve([{ address: dashed?.replaceAll('-', '.') ?? '127.0.0.1', family: 4 }]);
};

/** A worker that makes calls, and the sequencer without which there would be none to make. */
export class CallingWorker {
  private constructor(
    private readonly source: DataSource,
    private readonly loops: readonly Loop[],
  ) {}

  static async start(
    { behind }: ApiDoor,
    { tracing = untraced, wholeMs = WHOLE_MS } = {},
  ): Promise<CallingWorker> {
    const source = await openDatabase(behind.database.appUrl, 'engine', 8);
    const addresses = new PublicAddresses({
      ...{ resolve, allows: (address: string) => address === '127.0.0.1', plain: true },
    });
    const log = makeLog('worker', 'silent');
    const calls = new OutgoingCalls(addresses, wholeMs);
    const traces = new Traces(source, tracing);
    const parts = { webhooks: new Webhooks(source), commands: new Commands(source), calls, traces, log };
    return new CallingWorker(source, [startSequencing(new Sequencer(source), log), startWebhooks(parts)]);
  }

  async stop(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.source.destroy();
  }

  /** Takes its database away: whatever it has under way ends as if it had been killed. */
  async kill(): Promise<void> {
    await this.source.destroy();
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }
}

/** Endpoints of somebody's organisation, and what happens to tell them of. */
export class Hooks {
  private made = 0;

  constructor(
    readonly door: ApiDoor,
    readonly owner: Somebody,
  ) {}

  get mine() {
    return this.door.as(this.owner.token);
  }

  async add(address: string, more: { readonly types?: string[]; readonly description?: string } = {}) {
    return this.mine.call(webhookEndpoints.commands.addWebhookEndpoint, {
      key: this.key(),
      body: { address, ...more },
    });
  }

  async does(command: keyof typeof webhookEndpoints.commands, id: Id) {
    const { version } = await this.shown(id);
    const asked = { params: { id }, key: this.key(), version, body: {} };
    return this.mine.call<object, Awaited<ReturnType<Hooks['add']>>>(
      webhookEndpoints.commands[command],
      asked,
    );
  }

  shown(id: Id) {
    return this.mine.call(webhookEndpoints.get, { params: { id } });
  }

  async deliveries(query: Readonly<Record<string, string>> = {}) {
    return (await this.mine.call(webhookDeliveries.list, { query: { pageSize: '200', ...query } })).data;
  }

  /** Something happens to the account of whoever owns them; the same subject each time. */
  async happens(who = this.owner): Promise<void> {
    const person = this.door.as(who.token);
    const { version } = await person.call(people.get, { params: { id: who.id } });
    const body = { language: this.made % 2 === 0 ? 'de' : 'en' } as const;
    await person.call(people.commands.changePerson, {
      params: { id: who.id },
      key: this.key(),
      version,
      body,
    });
  }

  /** The same, waited for until it has its place in the feed. */
  async happensPlaced(): Promise<void> {
    const { cursor: after } = await this.mine.call(events.feed, { query: { limit: '500' } });
    await this.happens();
    const query = { after, type: 'perennial.person.changed.v1' };
    await this.until(async () => (await this.mine.call(events.feed, { query })).data.length > 0);
  }

  /** What waits for its time has it now. */
  async hurry(endpoint: Id): Promise<void> {
    await look(
      this.door,
      `update perennial.webhook_delivery set next_at = clock_timestamp()
       where endpoint = $1 and status = 'pending' and next_at is not null and leased_until is null`,
      [endpoint],
    );
  }

  /** Waits until it is so; until then what waits is hurried when an endpoint is named. */
  async until(reached: () => boolean | Promise<boolean>, hurried?: Id): Promise<void> {
    await until(async () => {
      if (hurried !== undefined) await this.hurry(hurried);
      return reached();
    }, PATIENCE_MS);
  }

  /** A key that was not used before. */
  key(): string {
    this.made += 1;
    return `hooks-${this.owner.id}-${String(this.made)}`;
  }
}

import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Id } from '#domain/actor.js';
import { instant, type Instant } from '#domain/instant.js';
import type { Thing } from '#domain/machine.js';
import type { Item, News, Step } from '#domain/process/news.js';
import { partsOf } from '#domain/process/routing.js';
import { MAIL_QUEUE, type LedgerActivities, type LedgerNews, type NoticeActivities } from './activities.js';
import { live } from './host.js';
import type { Process } from './process.js';
import type { Runtime } from './runtime.js';

/** By which the relay tells a run what happened, and the time of its sandbox. */
export const told = defineSignal<[LedgerNews]>('told');

const LONGEST_WAIT_MS = 30 * 24 * 60 * 60 * 1000;
const FULL_AT_EVENTS = 400;

const retry = { initialInterval: '100ms', maximumInterval: '10s' } as const;
const ledger = proxyLocalActivities<LedgerActivities>({
  startToCloseTimeout: '10s',
  localRetryThreshold: '5s',
  retry: { ...retry, nonRetryableErrorTypes: ['NoSuchProcess'] },
});
const mail = proxyActivities<NoticeActivities>({
  taskQueue: MAIL_QUEUE,
  startToCloseTimeout: '1m',
  retry: { initialInterval: '1s', maximumInterval: '10m' },
});

const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD');
const nextDueKey = defineSearchAttributeKey('NextDueAt', 'DATETIME');

/** A process as a workflow on Temporal. Its one argument is the id of the process; everything else stands in the ledger. */
export const onTemporal =
  <S extends Thing>(process: Process<S>) =>
  async (id: Id): Promise<void> => {
    const runtime = new TemporalRuntime(id);
    setHandler(told, (news) => {
      runtime.hear(news);
    });
    await live(process, id, partsOf(id).subject, runtime);
  };

class TemporalRuntime implements Runtime {
  private news: LedgerNews[] = [];
  private sandbox: Instant | undefined;
  private shown: string | undefined;

  constructor(private readonly id: Id) {}

  hear(news: LedgerNews): void {
    this.news.push(this.know(news));
  }

  heard(): readonly News[] {
    return this.news.splice(0);
  }

  async read(seen: number): Promise<News> {
    return this.know(await ledger.readLedger(this.id, seen));
  }

  /** The receipt of a mail is recorded after the mail went out; a crash between the two repeats it with the same Message-ID. */
  async take({ key, order }: Step, seen: number): Promise<News> {
    if (order.command !== 'recordDelivery')
      return this.know(await ledger.takeStep(this.id, { key, order }, seen));
    const input = await mail.deliverNotice(partsOf(this.id).subject);
    return this.know(await ledger.takeStep(this.id, { key, order: { ...order, input } }, seen));
  }

  async park(items: readonly Item[], seen: number, stage: string): Promise<News> {
    const news = this.know(await ledger.parkProcess(this.id, items, seen));
    if (news.instants) this.show(stage, items, news.instants);
    return news;
  }

  async sleep(until: Instant | undefined): Promise<void> {
    const woken = (): boolean => this.news.length > 0;
    if (this.sandbox !== undefined) {
      await condition(woken);
      return;
    }
    const left = until === undefined ? LONGEST_WAIT_MS : Date.parse(until) - Date.now();
    const inTime = await condition(woken, Math.max(1, Math.min(LONGEST_WAIT_MS, left)));
    if (!inTime && left > LONGEST_WAIT_MS) await this.renew();
    if (!inTime && until === undefined) await this.renew();
  }

  now(): Instant {
    return this.sandbox ?? instant(new Date(Date.now()).toISOString());
  }

  full(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength > FULL_AT_EVENTS;
  }

  async renew(): Promise<void> {
    await continueAsNew(this.id);
  }

  private know(news: LedgerNews): LedgerNews {
    if (news.sandbox && (this.sandbox === undefined || news.clock > this.sandbox)) this.sandbox = news.clock;
    return news;
  }

  /** What an operator reads in Temporal's pages: the stage, what is waited for, and the next date. */
  private show(stage: string, items: readonly Item[], instants: readonly (Instant | null)[]): void {
    const next = instants.filter((one) => one !== null).toSorted()[0];
    const words = items.map(({ label, on }) => (on === undefined ? label : `${label}, ${on}`)).join('; ');
    const details = `${stage}: ${words || 'waits for the next fact'}`;
    if (details === this.shown) return;
    this.shown = details;
    setCurrentDetails(details);
    upsertSearchAttributes([
      { key: stageKey, value: stage },
      { key: nextDueKey, value: next === undefined ? null : new Date(next) },
    ]);
  }
}

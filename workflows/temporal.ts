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
import type { Instant } from '#domain/instant.js';
import type { Thing } from '#domain/machine.js';
import type { Item, News, Step } from '#domain/process/news.js';
import { partsOf } from '#domain/process/routing.js';
import {
  MAIL_QUEUE,
  type LedgerActivities,
  type LedgerNews,
  type NoticeActivities,
  type WatchActivities,
} from './activities.js';
import { live } from './host.js';
import type { Process } from './process.js';
import type { Runtime, Standing } from './runtime.js';

/** By which the relay tells a run what happened, and the time of its sandbox. */
export const told = defineSignal<[LedgerNews]>('told');

const LONGEST_WAIT_MS = 30 * 24 * 60 * 60 * 1000;
const FULL_AT_EVENTS = 400;
/** When the timer is over and the ledger's clock is not there yet, it waits so long before it asks again. */
const CLOCKS_APART_MS = 1_000;

const retry = { initialInterval: '100ms', maximumInterval: '10s' } as const;
const ledger = proxyLocalActivities<LedgerActivities>({
  startToCloseTimeout: '10s',
  localRetryThreshold: '5s',
  retry: { ...retry, nonRetryableErrorTypes: ['NoSuchProcess'] },
});
/** Whoever works at something says so every two seconds; nothing heard for so long, and it is given to another worker. */
const heartbeatTimeout = '10s';
const mail = proxyActivities<NoticeActivities>({
  taskQueue: MAIL_QUEUE,
  startToCloseTimeout: '1m',
  heartbeatTimeout,
  retry: { initialInterval: '1s', maximumInterval: '10m' },
});
const { watch } = proxyActivities<WatchActivities>({
  startToCloseTimeout: '30m',
  heartbeatTimeout,
  retry: { initialInterval: '10s', maximumInterval: '5m' },
});

const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD');
const overdueKey = defineSearchAttributeKey('Overdue', 'BOOL');
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

/** What the schedule begins once a day: no process, since it has no life in the ledger and waits for nothing. */
export const dailyWatch = async (): Promise<void> => {
  await watch();
};

/** What a timer is for, and its day: in the server's pages the history then reads like a calendar. */
function reasonOf({ waits }: Standing): string {
  const dated = waits.flatMap(({ label, on }) => (on === undefined ? [] : [`${on}: ${label}`]));
  return dated.sort()[0] ?? 'nothing is due; looks again within a month';
}

class TemporalRuntime implements Runtime {
  private news: LedgerNews[] = [];
  private shown: string | undefined;

  constructor(private readonly id: Id) {}

  hear(news: LedgerNews): void {
    this.news.push(news);
  }

  heard(): readonly News[] {
    return this.news.splice(0);
  }

  read(seen: number): Promise<News> {
    return ledger.readLedger(this.id, seen);
  }

  /** The receipt of a mail is recorded after the mail went out; a crash between the two repeats it with the same Message-ID. */
  async take({ key, order }: Step, seen: number): Promise<News> {
    if (order.command !== 'recordDelivery') return ledger.takeStep(this.id, { key, order }, seen);
    const input = await mail.deliverNotice(partsOf(this.id).subject);
    return ledger.takeStep(this.id, { key, order: { ...order, input } }, seen);
  }

  park(items: readonly Item[], seen: number): Promise<News> {
    return ledger.parkProcess(this.id, items, seen);
  }

  /** On a real clock a timer wakes it; on a sandbox clock it is told. It decides nothing: the ledger is asked what time it is. */
  async sleep(until: Instant | undefined, standing: Standing): Promise<void> {
    this.show(standing);
    const woken = (): boolean => this.news.length > 0;
    if (standing.sandbox) {
      await condition(woken);
      return;
    }
    const left = until === undefined ? LONGEST_WAIT_MS : Date.parse(until) - Date.now();
    const wait = Math.max(CLOCKS_APART_MS, Math.min(LONGEST_WAIT_MS, left));
    const inTime = await condition(woken, wait, { summary: reasonOf(standing) });
    if (!inTime && left >= LONGEST_WAIT_MS) await this.renew();
  }

  full(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength > FULL_AT_EVENTS;
  }

  async renew(): Promise<void> {
    await continueAsNew(this.id);
  }

  /** What an operator reads in Temporal's pages: the stage, what is waited for, and the next date. */
  private show({ stage, waits, next, overdue }: Standing): void {
    const words = waits.map(({ label, on }) => (on === undefined ? label : `${label}, ${on}`)).join('; ');
    const details = `${stage}: ${words || 'waits for the next fact'}`;
    if (details === this.shown) return;
    this.shown = details;
    setCurrentDetails(details);
    upsertSearchAttributes([
      { key: stageKey, value: stage },
      { key: nextDueKey, value: next === undefined ? null : new Date(next) },
      { key: overdueKey, value: overdue },
    ]);
  }
}

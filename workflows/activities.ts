import type { Id } from '#domain/actor.js';
import type { RecordDelivery } from '#domain/notice/notice.js';
import type { Item, News, Step } from '#domain/process/news.js';

/** What the ledger tells a run, and whether its clock stands still until it is moved. */
export interface LedgerNews extends News {
  readonly sandbox: boolean;
}

/** What a run asks of the ledger: local activities, each of them one transaction, safe to repeat. */
export interface LedgerActivities {
  readLedger(process: Id, seen: number): Promise<LedgerNews>;
  takeStep(process: Id, step: Step, seen: number): Promise<LedgerNews>;
  parkProcess(process: Id, items: readonly Item[], seen: number): Promise<LedgerNews>;
}

/** What leaves the house: a remote activity on a task queue with a rate of its own. */
export interface NoticeActivities {
  /** Sends the mail of a notice under its stable Message-ID, or leaves it in the catcher where no mail server is set. */
  deliverNotice(notice: Id): Promise<RecordDelivery>;
}

/** What is done for the whole installation. */
export interface WatchActivities {
  /** Looks whether everything is planned, lived and on time, repairs what it may, and leaves a report. Safe to repeat. */
  watch(): Promise<void>;
}

/** The task queue of mails. */
export const MAIL_QUEUE = 'notices-mail';

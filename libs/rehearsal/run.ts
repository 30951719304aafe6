import type { Id } from '#domain/actor.js';
import type { Instant } from '#domain/instant.js';
import type { Item, News, Step, Taken } from '#domain/process/news.js';
import type { Runtime } from '#workflows/runtime.js';

/** What a run asks of the rehearsal in which it lives. */
export interface Home {
  news(process: Id, seen: number, first: boolean): News;
  reminders(process: Id): readonly Taken[];
  take(process: Id, step: Step, seen: number): News;
  instants(process: Id, items: readonly Item[]): readonly (Instant | null)[];
}

/** One run of a process, in memory: it answers at once, and sleeps until it is woken. */
export class Run implements Runtime {
  state: 'running' | 'asleep' | 'over' = 'running';
  /** When the first of it is due. */
  due: Instant | undefined;
  /** How many facts it had seen when it last parked. */
  seen = -1;
  private items: readonly Item[] = [];
  private instants: readonly (Instant | null)[] = [];
  private inbox: News[] = [];
  private wake: () => void = () => undefined;

  constructor(
    readonly process: Id,
    private readonly home: Home,
  ) {}

  /** What it waits for, as it said when it last parked. */
  get agenda(): readonly (Item & { readonly due: Instant | null })[] {
    return this.items.map((item, place) => ({ ...item, due: this.instants[place] ?? null }));
  }

  read(seen: number): Promise<News> {
    return this.answer(() => this.home.news(this.process, seen, seen === 0));
  }

  take(step: Step, seen: number): Promise<News> {
    return this.answer(() => this.home.take(this.process, step, seen));
  }

  park(items: readonly Item[], seen: number): Promise<News> {
    return this.answer(() => {
      const news = this.home.news(this.process, seen, false);
      if (news.last > seen) return news;
      const instants = this.home.instants(this.process, items);
      [this.items, this.instants] = [items, instants];
      this.due = instants.filter((one) => one !== null).sort()[0];
      this.seen = seen;
      return { ...news, taken: this.home.reminders(this.process), instants };
    });
  }

  async sleep(): Promise<void> {
    if (this.inbox.length > 0) return;
    this.state = 'asleep';
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
  }

  heard(): readonly News[] {
    return this.inbox.splice(0);
  }

  full(): boolean {
    return false;
  }

  async renew(): Promise<void> {
    await Promise.reject(new Error('a run in memory is never full'));
  }

  /** Tells it something; what it has seen already does not wake it. */
  tell(news: News): void {
    this.inbox.push(news);
    if (this.state !== 'asleep') return;
    this.state = 'running';
    this.wake();
  }

  /** It hears and answers nothing any more, as if its worker had been killed. */
  kill(): void {
    this.state = 'over';
    this.wake = () => undefined;
  }

  private async answer(ask: () => News): Promise<News> {
    await Promise.resolve();
    const news = this.dead ? undefined : ask();
    return news === undefined || this.dead ? new Promise<News>(() => undefined) : news;
  }

  /** Asked anew each time: the ledger may kill the run that is asking it. */
  private get dead(): boolean {
    return this.state === 'over';
  }
}

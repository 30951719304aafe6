import type { Instant } from '#domain/instant.js';
import type { Item } from '#domain/process/news.js';

/** Ends the branches of a stage that the thing has left; never seen outside the host. It says nothing else, so there is one. */
export const stageLeft = new Error('the thing has left the stage');

interface Wait {
  readonly item: Item;
  /** Its place among the waits: its day and its words. */
  readonly place: string;
  readonly ready: () => boolean;
  readonly go: () => void;
  readonly leave: (why: Error) => void;
  instant?: Instant;
}

/**
 * The waits of one stage, and how many of its branches are running. Branches take turns: one wait is answered, and the next
 * only when all branches wait again or are over, so the order of steps is the same in every run.
 */
export class Waits {
  private readonly open: Wait[] = [];
  private running = 0;
  private left = false;
  private failure: Error | undefined;
  private resting: (() => void)[] = [];

  /** Starts a branch of the stage beside the others. */
  branch(body: () => Promise<void>): void {
    this.running += 1;
    void body()
      .catch((error: unknown) => {
        if (error !== stageLeft) this.failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.rest();
      });
  }

  /** Waits for a day or for a predicate; ends with `stageLeft` when the thing moves on first. */
  async for(item: Item, ready: () => boolean = () => false): Promise<void> {
    if (this.left) throw stageLeft;
    await new Promise<void>((resolve, reject) => {
      this.open.push({ item, place: placeOf(item), ready, go: resolve, leave: reject });
      this.open.sort(byPlace);
      this.rest();
    });
  }

  /** Resolves when every branch waits or is over; throws what a branch threw. */
  async idle(): Promise<void> {
    if (this.running > 0) await new Promise<void>((resolve) => this.resting.push(resolve));
    if (this.failure !== undefined) throw this.failure;
  }

  /** The agenda: what is waited for, by its day and its words, whichever was asked first. */
  items(): readonly Item[] {
    return this.open.map(({ item }) => item);
  }

  /** Keeps the instants that the agenda was answered with. */
  date(instants: readonly (Instant | null)[]): void {
    this.open.forEach((wait, place) => {
      const instant = instants[place];
      if (instant) wait.instant = instant;
    });
  }

  /** The earliest instant that is waited for. */
  earliest(): Instant | undefined {
    const instants = this.open.map(({ instant }) => instant).filter((one) => one !== undefined);
    return instants.length > 0 ? instants.reduce((a, b) => (b < a ? b : a)) : undefined;
  }

  /**
   * Answers one wait that is over: a predicate at any time, a day only when the ledger was asked just before, but for a reminder
   * that comes before all others. Which one comes
   * first is a matter of instants and words, not of the order in which the waits began, so a fresh run answers alike.
   */
  answer(now: Instant, fresh: boolean): boolean {
    const isOver = (one: Wait): boolean => one.ready() || (fresh && hasCome(one, now));
    const [wait] = this.open.filter(isOver).sort(byInstantAndLabel);
    const answered = wait ?? this.reminderDue(now);
    if (!answered) return false;
    this.open.splice(this.open.indexOf(answered), 1);
    this.running += 1;
    answered.go();
    return true;
  }

  /** When a reminder comes before everything else whose time has come: it moves nothing, so the ledger is not asked once more. */
  private reminderDue(now: Instant): Wait | undefined {
    const [first] = this.open.filter((one) => hasCome(one, now)).sort(byInstantAndLabel);
    return first?.item.at === 'morning' ? first : undefined;
  }

  /** Ends all waits, and resolves when every branch is over. */
  async leave(): Promise<void> {
    this.left = true;
    for (const wait of this.open.splice(0)) {
      this.running += 1;
      wait.leave(stageLeft);
    }
    await this.idle();
  }

  private rest(): void {
    this.running -= 1;
    if (this.running === 0)
      this.resting.splice(0).forEach((resolve) => {
        resolve();
      });
  }
}

const hasCome = ({ instant }: Wait, now: Instant): boolean => instant !== undefined && instant <= now;
const placeOf = ({ on, label }: Item): string => `${on ?? 'without a day'} ${label}`;
const byPlace = (a: Wait, b: Wait): number => (a.place < b.place ? -1 : 1);
const turnOf = ({ instant, item: { label } }: Wait): string => `${instant ?? ''} ${label}`;
const byInstantAndLabel = (a: Wait, b: Wait): number => (turnOf(a) < turnOf(b) ? -1 : 1);

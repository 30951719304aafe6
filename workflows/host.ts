import type { Id } from '#domain/actor.js';
import { mondayToFriday, type BusinessCalendar } from '#domain/calendar.js';
import type { Instant } from '#domain/instant.js';
import { entryOf, evolve, hasEnded, type Fact, type Thing } from '#domain/machine.js';
import { rungs, type Obligation, type Rung } from '#domain/obligation.js';
import type { News, Order } from '#domain/process/news.js';
import { stepKey, type Primitives, type Process } from './process.js';
import type { Runtime, Standing } from './runtime.js';
import { StageLeft, Waits } from './waits.js';

/** Stands for every obligation of a thing. */
const EVERYTHING = '*';

/**
 * Lives the life of one thing from where the ledger says it stands: runs the function of its stage, ends it when a fact moves
 * the thing on, and begins the next. A run may be ended and started again at any moment.
 */
export async function live<S extends Thing>(
  process: Process<S>,
  id: Id,
  subject: Id,
  runtime: Runtime,
): Promise<void> {
  const life = new Life(process, id, subject, runtime);
  await life.catchUp();
  while (!life.ended) await life.stage();
  await life.end();
}

class Life<S extends Thing> {
  seen = 0;
  private thing: S;
  private last = 0;
  private clock: Instant | undefined;
  private calendar: BusinessCalendar = mondayToFriday;
  private readonly taken = new Set<string>();
  private readonly reminded = new Set<string>();
  /** What the present stage reminds of; and of what it is reminding. */
  private asked = new Set<string>();
  private climbing = new Set<string>();

  constructor(
    private readonly process: Process<S>,
    private readonly id: Id,
    subject: Id,
    private readonly runtime: Runtime,
  ) {
    this.thing = process.machine.initial(subject);
  }

  get ended(): boolean {
    return hasEnded(this.process.machine, this.thing);
  }

  /** Reads the ledger until nothing is unseen. */
  async catchUp(): Promise<void> {
    do this.learn(await this.runtime.read(this.seen));
    while (this.last > this.seen);
  }

  /** One stage, from its entry until the thing moves on. */
  async stage(): Promise<void> {
    await this.withdrawReminders();
    const [stage, entry] = [this.thing.stage, entryOf(this.thing)];
    const waits = new Waits();
    [this.asked, this.climbing] = [new Set(), new Set()];
    const here = (): boolean => this.thing.stage === stage && entryOf(this.thing) === entry;
    const once = async (step: string, order: Order): Promise<void> => {
      if (here()) await this.once(stepKey(this.id, stage, entry, step), order);
      if (!here()) throw new StageLeft();
    };
    const primitives = this.primitives(waits, once);
    waits.branch(async () => this.process.stages[stage]?.(primitives, this.thing));
    await this.untilMoved(waits, here);
    await waits.leave();
  }

  /** The last entry of the agenda is empty; what is left of reminders is withdrawn. */
  async end(): Promise<void> {
    await this.withdrawReminders();
    while (this.learn(await this.runtime.park([], this.seen))) await this.catchUp();
  }

  private async untilMoved(waits: Waits, here: () => boolean): Promise<void> {
    for (let fresh = false; ;) {
      await waits.idle();
      this.runtime.heard().forEach((news) => this.learn(news));
      if (this.last > this.seen) await this.catchUp();
      await this.withdrawReminders(); // what was owed may be met while the stage goes on
      if (!here()) return;
      if (this.beginLadders(waits) || waits.answer(this.now, fresh)) {
        fresh = false; // what a branch waits for now is not on the agenda yet
        continue;
      }
      if (fresh) {
        if (this.runtime.full()) await this.runtime.renew();
        await this.runtime.sleep(waits.earliest(), this.standing(waits));
        fresh = false;
      } else {
        const news = await this.runtime.park(waits.items(), this.seen);
        fresh = !this.learn(news);
        if (news.instants) waits.date(news.instants);
      }
    }
  }

  private primitives(waits: Waits, once: (step: string, order: Order) => Promise<void>): Primitives<S> {
    const thing = (): S => this.thing;
    return {
      get thing() {
        return thing();
      },
      once,
      until: ({ on, because }, asLongAs = () => true) =>
        waits.for({ label: because, on, at: 'passed' }, () => !asLongAs(this.thing)),
      when: (satisfied, because) => waits.for({ label: because }, () => satisfied(this.thing)),
      beside: (what) => {
        waits.branch(what);
      },
      remind: (obligation = EVERYTHING) => {
        this.asked.add(obligation);
      },
    };
  }

  private async once(key: string, order: Order): Promise<void> {
    if (this.taken.has(key)) return;
    this.learn(await this.runtime.take({ key, order }, this.seen));
    if (!this.taken.has(key))
      throw new Error(`asked for the step ${key}; the history of this run answers another one`);
    if (this.last > this.seen) await this.catchUp();
  }

  /** What is owed may come up while the stage goes on: true when a ladder was begun. */
  private beginLadders(waits: Waits): boolean {
    const isAsked = (key: string): boolean => this.asked.has(key) || this.asked.has(EVERYTHING);
    const begun = this.owed().filter(
      (one) => isAsked(one.key) && !this.climbing.has(one.key) && this.unsent(one).length > 0,
    );
    begun.forEach(({ key }) => {
      this.climbing.add(key);
      waits.branch(() => this.climb(key, waits));
    });
    return begun.length > 0;
  }

  /**
   * The ladder of one obligation, as long as it is owed and by the day that is owed now: waits for the next reminder. Those of
   * one day go out as one, and so do those that were missed.
   */
  private async climb(key: string, waits: Waits): Promise<void> {
    for (;;) {
      const obligation = this.owed().find((one) => one.key === key);
      const [next] = obligation ? this.unsent(obligation) : [];
      if (!obligation || !next) break;
      const { what, due } = obligation;
      const isOwed = (): boolean => this.owed().some((one) => one.key === key && one.due.date === due.date);
      const item = { label: `reminder: ${what}, ${next.name}`, on: next.on, at: 'morning' as const };
      await waits.for(item, () => !isOwed());
      if (isOwed()) await this.remind(key);
    }
    this.climbing.delete(key);
  }

  private async remind(key: string): Promise<void> {
    const obligation = this.owed().find((one) => one.key === key);
    const pending = obligation ? this.unsent(obligation) : [];
    const [today, first] = [this.now.slice(0, 10), pending[0]];
    const due = pending.filter(({ on }) => on < today || (first !== undefined && on <= first.on));
    const current = due.at(-1);
    if (!obligation || !current) return;
    const since = this.thing.enteredAt?.slice(0, 10) ?? '';
    const late = due.some(({ on }) => on > since && on < today);
    await this.once(`${this.id}/remind/${key}/${current.name}`, {
      command: 'sendNotice',
      makes: { kind: 'notice', prefix: 'ntc' },
      input: {
        obligation: key,
        due: obligation.due.date,
        rungs: due.map(({ name }) => name),
        to: [...new Set(due.flatMap(({ to }) => to))],
        late,
      },
    });
    due.forEach(({ name }) => this.reminded.add(`${key}/${name}`));
  }

  /** A series of reminders that has begun and whose obligation is met or gone is withdrawn, once. */
  private async withdrawReminders(): Promise<void> {
    const open = new Set(this.owed().map(({ key }) => key));
    const begun = new Set([...this.reminded].map((reminder) => reminder.split('/')[0] ?? ''));
    for (const key of begun) {
      if (open.has(key)) continue;
      await this.once(`${this.id}/remind/${key}/withdrawn`, {
        command: 'withdrawNotices',
        makes: { kind: 'notice', prefix: 'ntc' },
        input: { obligation: key },
      });
    }
  }

  private unsent(obligation: Obligation): readonly Rung[] {
    return rungs(obligation, this.calendar).filter(
      ({ name }) => !this.reminded.has(`${obligation.key}/${name}`),
    );
  }

  private owed(): readonly Obligation[] {
    return this.process.machine.obligations?.(this.thing) ?? [];
  }

  /** The ledger's clock as it was told last; a date has passed when the ledger says so. */
  private get now(): Instant {
    if (this.clock === undefined) throw new Error('nothing has been read yet');
    return this.clock;
  }

  private standing(waits: Waits): Standing {
    const { organisation, number, id, stage } = this.thing;
    const next = waits.earliest();
    const overdue = this.owed().some(({ due }) => due.date < this.now.slice(0, 10));
    const name = number ?? id;
    return { organisation, name, stage, waits: waits.items(), overdue, ...(next ? { next } : {}) };
  }

  /** Takes in what the ledger tells; true when it was something new about the thing. */
  private learn(news: News): boolean {
    const before = this.seen;
    news.facts.forEach((fact) => {
      this.see(fact);
    });
    news.taken.forEach(({ key, rungs: covered = [] }) => {
      this.taken.add(key);
      const [, , word, obligation] = key.split('/');
      if (word === 'remind') covered.forEach((rung) => this.reminded.add(`${obligation ?? ''}/${rung}`));
    });
    this.last = Math.max(this.last, news.last);
    if (this.clock === undefined || news.clock > this.clock) this.clock = news.clock;
    if (news.calendar) this.calendar = news.calendar;
    return this.seen > before || this.last > this.seen;
  }

  /** Facts count in their order and once each; one that comes early is read again from the ledger. */
  private see(fact: Fact): void {
    if (fact.version !== this.seen + 1) {
      this.last = Math.max(this.last, fact.version);
      return;
    }
    this.thing = evolve(this.process.machine, this.thing, fact);
    this.seen = fact.version;
  }
}

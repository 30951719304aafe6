import type { Id } from '#domain/actor.js';
import { mondayToFriday, type BusinessCalendar } from '#domain/calendar.js';
import type { CivilDate, Instant } from '#domain/instant.js';
import { entryOf, evolve, hasEnded, type Fact, type Thing } from '#domain/machine.js';
import { rungs, type Obligation, type Rung } from '#domain/obligation.js';
import type { News, Order } from '#domain/process/news.js';
import { stepKey, type Primitives, type Process } from './process.js';
import type { Runtime, Standing } from './runtime.js';
import { stageLeft, Waits } from './waits.js';

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
  private sandbox = false;
  private calendar: BusinessCalendar = mondayToFriday;
  private readonly taken = new Set<string>();
  /** The reminders that went out, by their obligation. */
  private readonly reminded = new Map<string, Set<string>>();
  /** What the thing owes as it stands. */
  private owed: readonly Obligation[] = [];
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
      if (!here()) throw stageLeft;
    };
    const primitives = this.primitives(waits, once);
    waits.branch(async () => this.process.stages[stage]?.(primitives, this.thing));
    await this.untilMoved(waits, here);
    await waits.leave();
  }

  /** The last entry of the agenda is empty; what is left of reminders is withdrawn, also of those that the run has lost sight of. */
  async end(): Promise<void> {
    for (let isOver = false; !isOver;) {
      await this.withdrawReminders();
      const isNew = this.learn(await this.runtime.park([], this.seen));
      if (isNew) await this.catchUp();
      isOver = !isNew && this.relieved().length === 0;
    }
  }

  private async untilMoved(waits: Waits, here: () => boolean): Promise<void> {
    for (let fresh = false; ;) {
      await waits.idle();
      this.runtime.heard().forEach((news) => this.learn(news));
      if (this.last > this.seen) await this.catchUp();
      if (this.relieved().length > 0) await this.withdrawReminders(); // what was owed may be met while the stage goes on
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
    const begun = this.owed.filter(
      (one) => isAsked(one.key) && !this.climbing.has(one.key) && this.unsent(one).next().done !== true,
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
      const obligation = this.owing(key);
      const next = obligation && this.nextOf(obligation);
      if (!next) break;
      const { what, due } = obligation;
      const isOwed = (): boolean => this.owing(key)?.due.date === due.date;
      const item = { label: `reminder: ${what}, ${next.name}`, on: next.on, at: 'morning' as const };
      await waits.for(item, () => !isOwed());
      if (isOwed() && this.isLast(key, next.on)) await this.remind(key, next.on);
    }
    this.climbing.delete(key);
  }

  private async remind(key: string, day: CivilDate): Promise<void> {
    const obligation = this.owing(key);
    if (!obligation) return;
    const today = this.today;
    const due: Rung[] = [];
    for (const rung of this.unsent(obligation)) {
      if (rung.on > day && rung.on >= today) break;
      due.push(rung);
    }
    const current = due.at(-1);
    if (!current) return;
    const since = this.thing.enteredAt?.slice(0, 10) ?? '';
    const missed = due.find(({ on }) => on > since && on < today);
    await this.once(`${this.id}/remind/${key}/${current.name}`, {
      command: 'sendNotice',
      makes: { kind: 'notice', prefix: 'ntc' },
      input: {
        obligation: key,
        due: obligation.due.date,
        rungs: due.map(({ name }) => name),
        to: [...new Set(due.flatMap(({ to }) => to))],
        late: missed !== undefined,
        ...(missed ? { missedOn: missed.on } : {}),
      },
    });
    due.forEach(({ name }) => {
      this.noteSent(key, name);
    });
  }

  /** The series of reminders that have begun and whose obligation is met or gone. */
  private relieved(): readonly string[] {
    return [...this.reminded.keys()].filter(
      (key) => !this.owing(key) && !this.taken.has(this.withdrawal(key)),
    );
  }

  private async withdrawReminders(): Promise<void> {
    for (const key of this.relieved())
      await this.once(this.withdrawal(key), {
        command: 'withdrawNotices',
        makes: { kind: 'notice', prefix: 'ntc' },
        input: { obligation: key },
      });
  }

  private withdrawal(key: string): string {
    return `${this.id}/remind/${key}/withdrawn`;
  }

  /** Of the reminders whose day has come only the last is waited for: its notice names the earlier ones too. */
  private nextOf(obligation: Obligation): Rung | undefined {
    let next: Rung | undefined;
    for (const rung of this.unsent(obligation)) {
      if (next !== undefined && rung.on > this.today) break;
      next = rung;
    }
    return next;
  }

  /** False when the day of a later reminder came while this one was waited for, in an outage: they go out as one. */
  private isLast(key: string, day: CivilDate): boolean {
    const obligation = this.owing(key);
    return obligation !== undefined && this.nextOf(obligation)?.on === day;
  }

  private unsent(obligation: Obligation): Generator<Rung, void> {
    return rungs(obligation, this.calendar, this.reminded.get(obligation.key));
  }

  private noteSent(key: string, rung: string): void {
    const sent = this.reminded.get(key);
    if (sent) sent.add(rung);
    else this.reminded.set(key, new Set([rung]));
  }

  private owing(key: string): Obligation | undefined {
    return this.owed.find((one) => one.key === key);
  }

  /** The ledger's clock as it was told last; a date has passed when the ledger says so. */
  private get now(): Instant {
    if (this.clock === undefined) throw new Error('nothing has been read yet');
    return this.clock;
  }

  /** The day of the ledger's clock in UTC: where it matters which day people have, the ledger is asked. */
  private get today(): string {
    return this.now.slice(0, 10);
  }

  private standing(waits: Waits): Standing {
    const { organisation, number, id, stage } = this.thing;
    const next = waits.earliest();
    const overdue = this.owed.some(({ due }) => due.date < this.today);
    const name = number ?? id;
    const { sandbox } = this;
    return { organisation, name, stage, sandbox, waits: waits.items(), overdue, ...(next ? { next } : {}) };
  }

  /** Takes in what the ledger tells; true when it was something new about the thing. */
  private learn(news: News): boolean {
    const before = this.seen;
    news.facts.forEach((fact) => {
      this.see(fact);
    });
    if (this.seen > before) this.owed = this.process.machine.obligations?.(this.thing) ?? [];
    news.taken.forEach(({ key, rungs: covered = [] }) => {
      this.taken.add(key);
      const [, , word, obligation = ''] = key.split('/');
      if (word !== 'remind') return;
      covered.forEach((rung) => {
        this.noteSent(obligation, rung);
      });
    });
    this.last = Math.max(this.last, news.last);
    if (this.clock === undefined || news.clock > this.clock) this.clock = news.clock;
    this.sandbox ||= news.sandbox === true;
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

import type { Id } from '#domain/actor.js';
import type { Instant } from '#domain/instant.js';
import { factOf } from '#database/ledger/entry.js';
import { pause } from '#platform/pause.js';
import type { Asked } from '#rehearsal/desk.js';
import type { Entry } from '#rehearsal/play/door.js';
import type { As } from './client.js';
import { inShort, type Agendas, type Counts, type Ground, type Line, type Plot } from './histories-door.js';
import { until, type Installation } from './live.js';

const AGAIN_MS = 100;

/** The ground of an installation on real servers. */
export class LiveGround implements Ground {
  private readonly heard = new Map<Id, number>();

  constructor(private readonly installation: Installation) {}

  async lay({ sandbox, organisations, starts, zone, seed }: Plot): Promise<void> {
    await this.installation.look(
      `with made as (insert into perennial.sandbox (id, name, organisation, zone, now, seed)
         select $1, 'A clock', organisation, $2, $3, $4 from perennial.stream where kind = 'apiKey' limit 1)
       insert into perennial.sandbox_member (organisation, sandbox) select unnest($5::text[]), $1`,
      [sandbox, zone, starts, seed, organisations],
    );
  }

  does(asked: Asked, as: As): Promise<Id> {
    return this.installation.does(asked, as);
  }

  advance({ organisations }: Plot, to: Instant): Promise<void> {
    return this.installation.advance(organisations[0] ?? '', to);
  }

  async nextDue(plot: Plot, before: Instant): Promise<Instant | undefined> {
    const due = await this.settled(plot);
    return due !== null && due < before ? due : undefined;
  }

  async settle(plot: Plot): Promise<void> {
    await this.settled(plot);
  }

  /** Waits until everybody waits; the next awaited instant as the same look sees it. */
  private async settled({ organisations }: Plot): Promise<Instant | null> {
    let next: Instant | null = null;
    await until(async () => {
      const [row] = await this.installation.look<{ restless: boolean; next: Instant | null }>(
        `select coalesce(bool_or(p.told < p.last or k.seen is null or k.seen < p.last
             or (p.status = 'open' and k.next_due <= b.now)), false) as restless,
           perennial.iso(min(k.next_due) filter (where p.status = 'open')) as next
         from perennial.process p
         join perennial.sandbox_member m on m.organisation = p.organisation
         join perennial.sandbox b on b.id = m.sandbox
         left join perennial.parking k on k.process = p.id
         where p.organisation = any($1)`,
        [organisations],
      );
      next = row?.next ?? null;
      return row?.restless === false;
    });
    return next;
  }

  async news({ sandbox, organisations }: Plot): Promise<readonly Entry[]> {
    const rows = await this.installation.look<{ body: string; kind: string; position: string }>(
      `select convert_from(e.body, 'UTF8') as body, s.kind, e.position from perennial.ledger_entry e
       join perennial.stream s on s.id = e.stream
       where e.organisation = any($1) and e.position > $2 order by e.position`,
      [organisations, this.heard.get(sandbox) ?? 0],
    );
    const last = rows.at(-1);
    if (last) this.heard.set(sandbox, Number(last.position));
    return rows.map(({ body, kind }) => ({ kind, fact: factOf(body).fact }));
  }

  async counts({ organisations }: Plot): Promise<Counts> {
    const rows = await this.installation.look<{ id: Id; facts: number }>(
      `select p.id, p.last + (select count(*) from perennial.ledger_entry e where e.organisation = p.organisation
         and e.command >= p.id || '/' and e.command < p.id || '0')::int as facts
       from perennial.process p where p.organisation = any($1)`,
      [organisations],
    );
    return new Map(rows.map(({ id, facts }) => [id, facts]));
  }

  /**
   * What each process waits for, as two looks agree. When a message comes just as a run has parked, the server has the run do the
   * same once more; then what it waited for before stands there again for a moment.
   */
  async agendas(plot: Plot): Promise<Agendas> {
    for (let before = ''; ;) {
      await this.settle(plot);
      const agendas = await this.look(plot);
      if (JSON.stringify(agendas) === before) return agendas;
      before = JSON.stringify(agendas);
      await pause(AGAIN_MS);
    }
  }

  private async look({ organisations }: Plot): Promise<Agendas> {
    const rows = await this.installation.look<{ id: Id; lines: readonly Line[] }>(
      `select p.id, coalesce(jsonb_agg(jsonb_build_object('label', a.label, 'on', a.on_date, 'at', a.at,
         'due', perennial.iso(a.due)) order by a.place) filter (where a.process is not null), '[]') as lines
       from perennial.process p left join perennial.agenda a on a.process = p.id
       where p.organisation = any($1) and p.status = 'open' group by p.id order by p.id`,
      [organisations],
    );
    return Object.fromEntries(rows.map(({ id, lines }) => [id, lines.map(inShort)]));
  }
}

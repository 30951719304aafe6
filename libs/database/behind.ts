import type { ClientBase } from 'pg';
import type { Id } from '#domain/actor.js';
import type { Instant } from '#domain/instant.js';

/** An open process that has not seen all its facts, or waits for an instant that is past. */
export interface Behind {
  readonly id: Id;
  readonly name: string;
  readonly organisation: Id;
  /** The number for people of its thing, else the thing's id. */
  readonly number: string;
  readonly last: number;
  readonly why: 'unseen' | 'due';
  /** What its sandbox's clock shows; null on the real clock. */
  readonly sandboxNow: Instant | null;
}

/** Since when a process on the real clock counts as behind: facts recorded until the one, instants until the other. */
export interface Patience {
  readonly unseen: Instant;
  readonly due: Instant;
}

const isUnseen = '(p.told < p.last or k.seen is null or k.seen < p.last)';
const behind = `
perennial.process p
join perennial.stream s on s.id = p.subject
left join perennial.parking k on k.process = p.id
left join perennial.sandbox_member m on m.organisation = p.organisation
left join perennial.sandbox b on b.id = m.sandbox
where ((p.status = 'open' and (${isUnseen} or k.next_due <= coalesce(b.now, $2)))
    or (p.status = 'closed' and exists (select from perennial.agenda a where a.process = p.id)))
  and (b.id is not null or k.next_due <= $2 or s.updated_at <= $1)
  and not exists (select from perennial.operation o where o.sandbox = b.id and o.status in ('queued', 'running'))`;

/**
 * Who is behind, in the order of ids; closed processes that have not put their agenda away among them. A sandbox goes by its own
 * clock, and while that is being moved nobody in it is behind. As the engine.
 */
export async function behindOf(client: ClientBase, { unseen, due }: Patience): Promise<readonly Behind[]> {
  const text = `
    select p.id, p.name, p.organisation, coalesce(s.number, p.subject) as number, p.last, perennial.iso(b.now) as "sandboxNow",
      case when ${isUnseen} then 'unseen' else 'due' end as why
    from ${behind} order by p.id`;
  return (await client.query<Behind>(text, [unseen, due])).rows;
}

/** Whether anybody on the real clock has something left to do, but for processes of the name. As the engine. */
export async function isAnybodyBehind(client: ClientBase, now: Instant, but = ''): Promise<boolean> {
  const text = `select exists (select from ${behind} and b.id is null and p.name <> $3) as found`;
  const { rows } = await client.query<{ found: boolean }>(text, [now, now, but]);
  return rows[0]?.found === true;
}

import type { ClientBase } from 'pg';
import type { Id } from '#domain/actor.js';
import type { Instant } from '#domain/instant.js';
import { prepared } from '../prepared.js';
import { Conditions } from './conditions.js';
import { columns, type Shown } from './things.js';

/** A notice to whoever reads, and when they read it. */
export interface OwnNotice extends Shown {
  readonly place: PlaceAmongNotices;
  readonly readAt: Instant | null;
}

/** When a notice was ordered, to the millisecond, and its id. */
export interface PlaceAmongNotices {
  readonly at: string;
  readonly id: Id;
}

export interface WhichNotices {
  readonly unread?: boolean;
  readonly id?: Id;
}

/** The notices to the person who reads, the newest first. Theirs is what row-level security shows them. */
export async function noticesOf(
  client: ClientBase,
  { unread, id }: WhichNotices,
  { limit, behind }: { readonly limit: number; readonly behind?: PlaceAmongNotices },
): Promise<readonly OwnNotice[]> {
  const where = new Conditions();
  where.row('r.person = perennial.me()');
  if (unread !== undefined) where.row(unread ? 'r.read_at is null' : 'r.read_at is not null');
  where.maybe('r.notice = ?', id);
  if (behind) where.row('(r.ordered_at, r.notice) < (?::timestamptz, ?)', behind.at, behind.id);
  const { rows } = await client.query<Omit<OwnNotice, 'place'> & { at: string }>(
    prepared(
      `with page as materialized (select r.notice, r.ordered_at, r.read_at from perennial.notice_reader r where ${where.text}
         order by r.ordered_at desc, r.notice desc limit ${String(limit)})
       select ${columns}, perennial.iso(page.ordered_at) as at, perennial.iso(page.read_at) as "readAt"
       from page join perennial.stream s on s.id = page.notice order by page.ordered_at desc, page.notice desc`,
      where.values,
    ),
  );
  return rows.map(({ at, ...shown }) => ({ ...shown, place: { at, id: shown.thing.id } }));
}

/** How many notices the person who reads has not read: exact, from one index. */
export const UNREAD =
  'select count(*)::integer as unread from perennial.notice_reader r where r.person = perennial.me() and r.read_at is null';

export async function unreadOf(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ unread: number }>(UNREAD);
  return rows[0]?.unread ?? 0;
}

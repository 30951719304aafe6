import type { ClientBase } from 'pg';
import type { Id, Role } from '#domain/actor.js';
import type { ExplainedDate } from '#domain/explanation.js';
import type { CivilDate } from '#domain/instant.js';
import type { EscalationName, LadderName } from '#domain/obligation.js';
import type { OwedWords } from '#domain/owed-words.js';
import { Conditions } from './conditions.js';

/** Something owed, with the thing that owes it. */
export interface Owed {
  readonly stream: Id;
  readonly key: string;
  readonly what: OwedWords;
  readonly due: ExplainedDate;
  readonly owedBy: readonly Role[];
  readonly ladder: LadderName;
  readonly escalation: EscalationName | null;
  readonly kind: string;
  readonly programme: Id | null;
  readonly number: string | null;
  readonly version: number;
}

export interface WhichOwed {
  readonly stream?: Id;
  readonly programme?: Id;
  readonly dueBefore?: CivilDate;
  readonly dueAfter?: CivilDate;
}

export interface OwedPage {
  readonly limit: number;
  readonly behind?: { readonly due: CivilDate; readonly stream: Id; readonly key: string };
}

/** What is owed, the earliest first, page by page. */
export async function obligationsOf(
  client: ClientBase,
  which: WhichOwed,
  page: OwedPage,
): Promise<readonly Owed[]> {
  const where = new Conditions();
  where.maybe('o.stream = ?', which.stream);
  where.maybe('s.programme = ?', which.programme);
  where.maybe('o.due <= ?::date', which.dueBefore);
  where.maybe('o.due >= ?::date', which.dueAfter);
  const { behind, limit } = page;
  if (behind) where.row('(o.due, o.stream, o.key) > (?::date, ?, ?)', behind.due, behind.stream, behind.key);
  const { rows } = await client.query<Owed>(
    `select o.stream, o.key, o.what, o.explanation as due, o.owed_by as "owedBy", o.ladder, o.escalation, s.kind, s.programme,
       s.number, s.version
     from perennial.obligation o join perennial.stream s on s.id = o.stream
     where ${where.text} order by o.due, o.stream, o.key limit ${String(limit)}`,
    where.values,
  );
  return rows;
}

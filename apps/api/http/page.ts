import { DEFAULT_PAGE } from '#contract/page.js';
import { Answer } from './answer.js';
import { pageScope, type PageTokens } from './page-token.js';
import type { Sent } from './sent.js';
import type { Caller } from './visit.js';

/** Reads so many rows, each with its place, from behind a place on. */
export type ReadPage = (
  limit: number,
  place: string | undefined,
) => Promise<readonly { readonly place: string; readonly row: object }[]>;

/** One page: asks for a row more than it shows, to know whether there is another. */
export async function pageOfRows(
  tokens: PageTokens,
  sent: Sent,
  caller: Caller,
  read: ReadPage,
): Promise<Answer> {
  const [limit, scope] = [Number(sent.query['pageSize'] ?? DEFAULT_PAGE), pageScope(sent, caller)];
  const token = sent.query['pageToken'];
  const rows = await read(limit + 1, token === undefined ? undefined : tokens.open(token, scope));
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const nextPageToken = last ? tokens.seal(last.place, scope) : null;
  return new Answer(200, { data: page.map(({ row }) => row), nextPageToken });
}

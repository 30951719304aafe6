import { DEFAULT_PAGE } from '#contract/page.js';
import { Answer } from './answer.js';
import { pageScope, type PageTokens } from './page-token.js';
import type { Sent } from './sent.js';
import type { Caller } from './visit.js';

interface Placed {
  readonly place: string;
  readonly row: object;
}

/** Reads so many rows, each with its place, from behind a place on. */
export type ReadPage = (limit: number, place: string | undefined) => Promise<readonly Placed[]>;

/** The rows of a page, and behind which place it begins where it is not the first. */
export interface Page {
  readonly page: readonly Placed[];
  readonly behind: string | undefined;
  readonly nextPageToken: string | null;
}

/** One page: asks for a row more than it shows, to know whether there is another. */
export async function readPage(
  tokens: PageTokens,
  sent: Sent,
  caller: Caller,
  read: ReadPage,
): Promise<Page> {
  const [limit, scope] = [Number(sent.query['pageSize'] ?? DEFAULT_PAGE), pageScope(sent, caller)];
  const token = sent.query['pageToken'];
  const behind = token === undefined ? undefined : tokens.open(token, scope);
  const rows = await read(limit + 1, behind);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { page, behind, nextPageToken: last ? tokens.seal(last.place, scope) : null };
}

/** The same as the answer of a list. */
export async function pageOfRows(
  tokens: PageTokens,
  sent: Sent,
  caller: Caller,
  read: ReadPage,
): Promise<Answer> {
  const { page, nextPageToken } = await readPage(tokens, sent, caller, read);
  return new Answer(200, { data: page.map(({ row }) => row), nextPageToken });
}

import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DEFAULT_PAGE } from '#contract/page.js';
import type { Commands } from '#database/commands.js';
import { clockOver, lookAt, thingsThen, type Look, type PastRow } from '#database/reading/past.js';
import { textsBehind } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import { counts, type Then } from '#domain/as-of.js';
import { instant } from '#domain/instant.js';
import type { Thing } from '#domain/machine.js';
import type { Answer } from '../http/answer.js';
import { Fault } from '../http/fault.js';
import { pageScope, type PageTokens } from '../http/page-token.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { entryShown } from './entry.js';
import { narrowing } from './narrowing.js';
import { collectionAt, oneIn } from './one.js';
import { owedShown } from './owed.js';
import { placeIn, tokenTo } from './place.js';
import { includeOf } from './represent.js';
import { ofThePast, refuseFuture, statusThen } from './then.js';
import { portrait } from './things.service.js';

type Client = Parameters<typeof textsBehind>[0];

/**
 * Shows things as they were: what counted by a day, and what had been recorded by an instant. Who may see a thing today sees
 * its past; nobody else does. (R-GEN-5)
 */
@Injectable()
export class PastService {
  constructor(
    private readonly source: DataSource,
    private readonly commands: Commands,
    private readonly tokens: PageTokens,
    private readonly now: () => number,
  ) {}

  async get(sent: Sent, then: Then, caller: Caller): Promise<Answer> {
    const { explanations } = includeOf(sent.query['include']);
    const { row, texts } = await this.one(sent, then, caller, async (client, looked) => ({
      row: looked,
      texts: await textsBehind(client, Object.values(looked.past.thing.texts)),
    }));
    return ofThePast(then, {
      ...portrait(row.past, texts, explanations),
      ...(await this.status(row, then, caller)),
    });
  }

  async list(sent: Sent, then: Then, caller: Caller): Promise<Answer> {
    const { kind } = collectionAt(sent.route.collection);
    const [limit, scope] = [Number(sent.query['pageSize'] ?? DEFAULT_PAGE), pageScope(sent, caller)];
    const token = sent.query['pageToken'];
    const behind = token === undefined ? {} : { behind: placeIn(this.tokens.open(token, scope)) };
    const { rows, next, texts } = await viewAs(this.source, caller, async (client) => {
      refuseFuture(then, await clockOver(client, this.real()));
      const which = narrowing(kind, sent.query);
      const page = await thingsThen(client, which, { limit, ...behind }, then);
      const commitments = page.rows.flatMap(({ past }) => Object.values(past.thing.texts));
      return { ...page, texts: await textsBehind(client, commitments) };
    });
    const data: object[] = [];
    for (const row of rows)
      data.push({ ...portrait(row.past, texts, false), ...(await this.status(row, then, caller)) });
    return ofThePast(then, { data, nextPageToken: next ? this.tokens.seal(tokenTo(next), scope) : null });
  }

  async entries(sent: Sent, then: Then, caller: Caller): Promise<Answer> {
    const [limit, scope] = [Number(sent.query['pageSize'] ?? DEFAULT_PAGE), pageScope(sent, caller)];
    const token = sent.query['pageToken'];
    const after = token === undefined ? 0 : Number(this.tokens.open(token, scope));
    return this.one(sent, then, caller, async (client, { entries, bounds, past }) => {
      const counted = entries.filter(({ fact }) => fact.version > after && counts(fact, bounds));
      const page = counted.slice(0, limit);
      const texts = await textsBehind(
        client,
        page.flatMap(({ fact }) => Object.values(fact.texts)),
      );
      const last = counted.length > limit ? page.at(-1) : undefined;
      return ofThePast(then, {
        data: page.map((row) => entryShown({ ...row, kind: past.thing.kind }, texts)),
        nextPageToken: last ? this.tokens.seal(String(last.fact.version), scope) : null,
      });
    });
  }

  async obligations(sent: Sent, then: Then, caller: Caller): Promise<Answer> {
    const { machine } = collectionAt(sent.route.collection);
    return this.one(sent, then, caller, (_, { past: { thing } }) => {
      const owed = machine.obligations?.(thing) ?? [];
      return Promise.resolve(ofThePast(then, { data: owed.map((one) => owedShown(thing.id, one)) }));
    });
  }

  /** The thing of an address as it was, in one snapshot with what is read besides. */
  private one<T>(
    sent: Sent,
    then: Then,
    caller: Caller,
    read: (client: Client, row: PastRow) => Promise<T>,
  ): Promise<T> {
    return viewAs(this.source, caller, async (client) => {
      const shown = await oneIn(client, sent);
      const look = await lookAt(client, shown, then);
      refuseFuture(then, await clockOver(client, this.real(), shown.thing.organisation), look.zone);
      const { past } = look;
      if (!past) throw notYet(look);
      return read(client, { ...look, past });
    });
  }

  private readonly real = () => instant(new Date(this.now()).toISOString());

  private async status(row: PastRow, then: Then, caller: Caller): Promise<{ status?: string }> {
    if (row.past.thing.kind !== 'certificate') return {};
    // The policy is the body's own and not for its clients to read; a certificate is worth the same for both.
    const things: readonly Thing[] = (await this.commands.situation(row.past.thing.id, caller))?.things ?? [];
    return statusThen(row.past.thing, then, { ...row, things });
  }
}

/** Somebody who may see the thing is told since when there is one. */
export function notYet({ entries }: Look): Fault {
  const [first] = entries;
  const since = first ? `since ${first.fact.effectiveAt}, recorded at ${first.fact.at}` : 'later';
  return new Fault('not-yet-there', `It did not exist then; it exists ${since}.`);
}

import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DEFAULT_PAGE } from '#contract/page.js';
import type { Commands } from '#database/commands.js';
import { entriesOf, textsBehind, thingOf, thingsOf, type Shown } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import type { EvidenceRef, Thing } from '#domain/machine.js';
import { Answer, tagOf } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import { pageScope, type PageTokens } from '../http/page-token.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { commandIn, evidenceIn, execute } from './acting.js';
import { entryShown, inClear, type Texts } from './entry.js';
import { narrowing } from './narrowing.js';
import { collectionAt, oneOf, withId } from './one.js';
import { owedShown } from './owed.js';
import { placeIn, placeOf } from './place.js';
import { actionsOf, includeOf, represent } from './represent.js';

/** Reads and moves things with a life, whatever their kind. */
@Injectable()
export class ThingsService {
  constructor(
    private readonly source: DataSource,
    private readonly commands: Commands,
    private readonly tokens: PageTokens,
  ) {}

  /** Issues the command of the route. */
  async act(sent: Sent, caller: Caller): Promise<Answer> {
    const { command } = sent.route;
    if (!command) throw notFound();
    const known = await withId(this.source, sent, caller);
    const evidence = await this.files(evidenceIn(sent), caller);
    return execute(this.commands, { ...commandIn(known, command, caller), evidence }, caller);
  }

  async get(sent: Sent, caller: Caller): Promise<Answer> {
    const include = includeOf(sent.query['include']);
    const shown = await oneOf(this.source, sent, caller);
    const texts = await this.texts([shown.thing], caller);
    const situation =
      include.actions === 'none' ? undefined : await this.commands.situation(shown.thing.id, caller);
    const body = JSON.stringify({
      ...portrait(shown, texts, include.explanations),
      ...(include.actions === 'none'
        ? {}
        : { actions: situation ? actionsOf(situation, include.actions) : [] }),
    });
    return new Answer(200, body, { etag: tagOf(shown.version, body) });
  }

  async list(sent: Sent, caller: Caller): Promise<Answer> {
    const collection = collectionAt(sent.route.collection);
    const [limit, scope] = [Number(sent.query['pageSize'] ?? DEFAULT_PAGE), pageScope(sent, caller)];
    const token = sent.query['pageToken'];
    const behind = token === undefined ? {} : { behind: placeIn(this.tokens.open(token, scope)) };
    const rows = await viewAs(this.source, caller, (client) =>
      thingsOf(client, narrowing(collection.kind, sent.query), {
        limit: limit + 1,
        ...behind,
      }),
    );
    const page = rows.slice(0, limit);
    const texts = await this.texts(
      page.map(({ thing }) => thing),
      caller,
    );
    const last = rows.length > limit ? page.at(-1) : undefined;
    const nextPageToken = last ? this.tokens.seal(placeOf(last), scope) : null;
    return new Answer(200, { data: page.map((row) => portrait(row, texts, false)), nextPageToken });
  }

  async entries(sent: Sent, caller: Caller): Promise<Answer> {
    const { thing } = await oneOf(this.source, sent, caller);
    const [limit, scope] = [Number(sent.query['pageSize'] ?? DEFAULT_PAGE), pageScope(sent, caller)];
    const token = sent.query['pageToken'];
    const after = token === undefined ? 0 : Number(this.tokens.open(token, scope));
    const rows = await viewAs(this.source, caller, (client) =>
      entriesOf(client, thing.id, { after, limit: limit + 1 }),
    );
    const page = rows.slice(0, limit);
    const texts = await this.texts(
      page.map(({ fact }) => fact),
      caller,
    );
    const last = rows.length > limit ? page.at(-1) : undefined;
    const nextPageToken = last ? this.tokens.seal(String(last.fact.version), scope) : null;
    return new Answer(200, {
      data: page.map((row) => entryShown({ ...row, kind: thing.kind }, texts)),
      nextPageToken,
    });
  }

  async obligations(sent: Sent, caller: Caller): Promise<Answer> {
    const { thing } = await oneOf(this.source, sent, caller);
    const owed = collectionAt(sent.route.collection).machine.obligations?.(thing) ?? [];
    return new Answer(200, { data: owed.map((one) => owedShown(thing.id, one)) });
  }

  private async texts(those: readonly Pick<Thing, 'texts'>[], caller: Caller): Promise<Texts> {
    const commitments = those.flatMap(({ texts }) => Object.values(texts));
    if (commitments.length === 0) return {};
    return viewAs(this.source, caller, (client) => textsBehind(client, commitments));
  }

  /** What stands in the ledger for the files that a body names. */
  private async files(ids: readonly string[], caller: Caller): Promise<readonly EvidenceRef[]> {
    if (ids.length === 0) return [];
    const found = await viewAs(this.source, caller, async (client) => {
      const things: (Shown | undefined)[] = [];
      for (const id of ids) things.push(await thingOf(client, id, 'evidence'));
      return things;
    });
    return found.map((shown, place) => {
      if (shown && isFile(shown.thing))
        return { sha256: shown.thing.sha256, bytes: shown.thing.bytes, type: shown.thing.type };
      const pointer = `/evidence/${place}`;
      const errors = [
        { pointer, code: 'not-in-list' as const, detail: 'There is no such evidence that you can see.' },
      ];
      throw new Fault('invalid-body', `${pointer}: there is no such evidence that you can see.`, { errors });
    });
  }
}

const isFile = (thing: Thing): thing is Thing & EvidenceRef =>
  'sha256' in thing && 'bytes' in thing && 'type' in thing;

/** One row as a GET shows it: with its texts, and since when it is known. */
export function portrait(shown: Shown, texts: Texts, explanations: boolean): object {
  return {
    ...represent(shown, explanations),
    createdAt: shown.createdAt,
    ...(shown.thing.kind === 'apiKey' ? { lastUsedAt: shown.lastUsedAt ?? null } : {}),
    texts: inClear(shown.thing.texts, texts),
  };
}

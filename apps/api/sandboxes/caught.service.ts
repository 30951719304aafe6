import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DEFAULT_PAGE } from '#contract/page.js';
import { thingsOf, type Behind, type Shown } from '#database/reading/things.js';
import { viewAsOrganisation } from '#database/reading/view.js';
import type { Sandbox } from '#database/sandboxes.js';
import { Answer } from '../http/answer.js';
import { pageScope, type PageTokens } from '../http/page-token.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { represent } from '../things/represent.js';
import { placeIn, placeOf } from '../things/place.js';

const wentOut = { kind: 'notice', stages: ['sent', 'late'] };

/** What would have gone out of a sandbox, of all its organisations, in the order in which it would have. */
@Injectable()
export class CaughtService {
  constructor(
    private readonly source: DataSource,
    private readonly tokens: PageTokens,
  ) {}

  async list(sent: Sent, caller: Caller, sandbox: Sandbox): Promise<Answer> {
    const [limit, scope] = [Number(sent.query['pageSize'] ?? DEFAULT_PAGE), pageScope(sent, caller)];
    const token = sent.query['pageToken'];
    const behind = token === undefined ? undefined : placeIn(this.tokens.open(token, scope));
    const rows = await this.rows(sandbox, limit + 1, behind);
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    const nextPageToken = last ? this.tokens.seal(placeOf(last), scope) : null;
    return new Answer(200, { data: page.map(caught), nextPageToken });
  }

  private async rows(sandbox: Sandbox, limit: number, behind: Behind | undefined): Promise<readonly Shown[]> {
    const found: Shown[] = [];
    for (const organisation of sandbox.organisations) {
      const rows = await viewAsOrganisation(this.source, sandbox.organisation, (client) =>
        thingsOf(client, { ...wentOut, organisation }, { limit, ...(behind ? { behind } : {}) }),
      );
      found.push(...rows);
    }
    return found.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)).slice(0, limit);
  }
}

const caught = (shown: Shown): object => ({ ...represent(shown), sentAt: shown.updatedAt });

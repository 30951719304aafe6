import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import { rolesOn } from '#domain/actor.js';
import { civilDate } from '#domain/instant.js';
import { isPerson } from '#domain/person/facts.js';
import { actorOfPerson } from '#domain/person/person.js';
import { thingOf } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import { outageItemsOf, outagesOf, watchesOf, type Newest } from '#database/reading/watches.js';
import { isInstallation } from '#database/reading/installation.js';
import { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import { pageOfRows } from '../http/page.js';
import type { PageTokens } from '../http/page-token.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import type { OperationsService } from '../operations/operations.service.js';

const MOST_ITEMS = 1_000;

type Read<Row> = (client: ClientBase, which: Newest) => Promise<readonly Row[]>;

/** Has the watch run, and shows what it and the outages have left behind. */
@Injectable()
export class WatchService {
  constructor(
    private readonly source: DataSource,
    private readonly tokens: PageTokens,
    private readonly operations: OperationsService,
  ) {}

  /** It looks at everything that there is, so only whoever runs the installation may have it run. */
  async run(caller: Caller): Promise<Answer> {
    if (!(await this.mayRun(caller)))
      throw new Fault('not-permitted', 'The watch is run by system administrators of the installation.');
    const operation = await this.operations.queue({ kind: 'watch', about: 'watch', input: {} }, caller);
    if (!operation) throw notFound();
    return this.operations.settled(operation, caller);
  }

  watches(sent: Sent, caller: Caller): Promise<Answer> {
    return this.page(sent, caller, 'watch', watchesOf);
  }

  async one(id: string | undefined, caller: Caller): Promise<Answer> {
    const [row] = await this.view(caller, (client) => watchesOf(client, { id: id ?? '', limit: 1 }));
    if (!row) throw notFound();
    return new Answer(200, shown('watch', row));
  }

  outages(sent: Sent, caller: Caller): Promise<Answer> {
    return this.page(sent, caller, 'outage', outagesOf);
  }

  async outage(id: string | undefined, caller: Caller): Promise<Answer> {
    return this.view(caller, async (client) => {
      const [row] = await outagesOf(client, { id: id ?? '', limit: 1 });
      if (!row) throw notFound();
      const items = await outageItemsOf(client, row.id, MOST_ITEMS);
      return new Answer(200, { ...shown('outage', row), items });
    });
  }

  /** A key has shown its scope at the door. */
  private async mayRun(caller: Caller): Promise<boolean> {
    return this.view(caller, async (client) => {
      if (!(await isInstallation(client, caller.organisation))) return false;
      const who = (await thingOf(client, caller.principal))?.thing;
      if (!who || !isPerson(who)) return true;
      const today = civilDate(new Date().toISOString().slice(0, 10));
      return rolesOn(actorOfPerson(who, []), today, undefined).includes('system-administrator');
    });
  }

  private page<Row extends { readonly id: string }>(
    sent: Sent,
    caller: Caller,
    object: string,
    read: Read<Row>,
  ): Promise<Answer> {
    return pageOfRows(this.tokens, sent, caller, async (limit, behind) => {
      const rows = await this.view(caller, (client) => read(client, { behind, limit }));
      return rows.map((row) => ({ place: row.id, row: shown(object, row) }));
    });
  }

  private view<T>(caller: Caller, look: (client: ClientBase) => Promise<T>): Promise<T> {
    return viewAs(this.source, caller, look);
  }
}

const shown = (object: string, row: { readonly id: string }): object => ({
  ...row,
  object,
  links: { self: `/v1/${object === 'watch' ? 'watches' : 'outages'}/${row.id}` },
});

import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { feedOf, settledPosition } from '#database/reading/feed.js';
import { obligationsOf, type OwedPage } from '#database/reading/obligations.js';
import { processesOf, type ProcessShown } from '#database/reading/processes.js';
import { textsBehind } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import { isCivilDate, type CivilDate } from '#domain/instant.js';
import { Answer } from '../http/answer.js';
import { notFound } from '../http/fault.js';
import { pageOfRows, readPage, type ReadPage } from '../http/page.js';
import type { PageTokens } from '../http/page-token.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { entryShown } from '../things/entry.js';
import { owedShown } from '../things/owed.js';

/** Lists over all things: facts, what is owed, and which processes wait for what. */
@Injectable()
export class LedgerService {
  constructor(
    private readonly source: DataSource,
    private readonly tokens: PageTokens,
  ) {}

  async entries(sent: Sent, caller: Caller): Promise<Answer> {
    const { after = '0', programme, sandbox } = sent.query;
    const settled = await settledPosition(this.source); // before the rows are read
    const read: ReadPage = (limit, place) =>
      viewAs(this.source, caller, async (client) => {
        const rows = await feedOf(client, { after: Number(place ?? after), programme, sandbox }, limit);
        const texts = await textsBehind(
          client,
          rows.flatMap(({ fact }) => Object.values(fact.texts)),
        );
        return rows.map((row) => ({
          place: String(row.position),
          row: { ...entryShown(row, texts), position: row.position },
        }));
      });
    const { page, behind = after, nextPageToken } = await readPage(this.tokens, sent, caller, read);
    const cursor = page.findLast(({ place }) => Number(place) <= settled)?.place ?? behind;
    return new Answer(200, { data: page.map(({ row }) => row), nextPageToken, cursor });
  }

  async obligations(sent: Sent, caller: Caller): Promise<Answer> {
    const { programme, thing: stream, dueBefore } = sent.query;
    const which = {
      ...(programme === undefined ? {} : { programme }),
      ...(stream === undefined ? {} : { stream }),
      ...(dueBefore !== undefined && isCivilDate(dueBefore) ? { dueBefore } : {}),
    };
    return this.page(sent, caller, async (limit, place) => {
      const page: OwedPage = { limit, ...(place === undefined ? {} : { behind: behindOf(place) }) };
      const rows = await viewAs(this.source, caller, (client) => obligationsOf(client, which, page));
      return rows.map((row) => ({
        place: JSON.stringify([row.due.date, row.stream, row.key]),
        row: { ...owedShown(row.stream, row), kind: row.kind, number: row.number, programme: row.programme },
      }));
    });
  }

  async processes(sent: Sent, caller: Caller): Promise<Answer> {
    const { programme, subject, status } = sent.query;
    return this.page(sent, caller, async (limit, after) => {
      const which = {
        ...(programme === undefined ? {} : { programme }),
        ...(subject === undefined ? {} : { subject }),
        ...(isStatus(status) ? { status } : {}),
        ...(after === undefined ? {} : { after }),
      };
      const rows = await viewAs(this.source, caller, (client) => processesOf(client, which, limit));
      return rows.map((row) => ({ place: row.id, row: processShown(row) }));
    });
  }

  async process({ params }: Sent, caller: Caller): Promise<Answer> {
    const id = `${params['name'] ?? ''}/${params['subject'] ?? ''}`;
    const [row] = await viewAs(this.source, caller, (client) => processesOf(client, { id }, 1));
    if (!row) throw notFound();
    return new Answer(200, processShown(row));
  }

  private page(sent: Sent, caller: Caller, read: ReadPage): Promise<Answer> {
    return pageOfRows(this.tokens, sent, caller, read);
  }
}

const isStatus = (word: string | undefined): word is ProcessShown['status'] =>
  word === 'open' || word === 'closed';

const processShown = ({ last, agenda, ...row }: ProcessShown) => ({
  object: 'process',
  ...row,
  facts: last,
  agenda,
});

function behindOf(place: string): NonNullable<OwedPage['behind']> {
  const parts: unknown = JSON.parse(place);
  if (!isPlace(parts)) throw notFound();
  return { due: parts[0], stream: parts[1], key: parts[2] };
}

const isPlace = (parts: unknown): parts is readonly [CivilDate, string, string] =>
  Array.isArray(parts) && parts.length === 3 && parts.every((part) => typeof part === 'string');

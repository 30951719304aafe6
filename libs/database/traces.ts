import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { traced, type Cause, type Span, type Tracing, type Work } from '#platform/tracing.js';
import { prepared } from './prepared.js';
import { withClient } from './transaction.js';

/** Facts of one thing, by their versions. */
export interface Facts {
  readonly stream: Id;
  readonly from: number;
  readonly to: number;
}

interface Traced {
  readonly context: string;
  readonly fresh: boolean;
}

/** What follows later than this from a fact has a trace of its own, with a link to the one in which the fact was recorded. */
const FRESH = '10 minutes';
const MOST = 8;

/** How the traces in which facts were recorded go on in what follows from them. As the engine. */
export class Traces {
  constructor(
    private readonly source: DataSource,
    private readonly tracing: Tracing,
  ) {}

  /** Does what follows from facts: in the trace of the last of them that is fresh, with links to the others. */
  async follow<T>(facts: Facts, work: Work, does: (span: Span) => Promise<T>): Promise<T> {
    const cause = this.tracing.on ? await this.causeIn(facts) : {};
    return traced(this.tracing.begin(work, cause), does);
  }

  /** Forgets traces that no collector has any more. */
  async tidy(): Promise<void> {
    await withClient(this.source, (client) => client.query('select perennial.tidy_traces()'));
  }

  private async causeIn({ stream, from, to }: Facts): Promise<Cause> {
    const text = `
      select t.context, t.noted_at > clock_timestamp() - $4::interval as fresh
      from perennial.ledger_entry e
      join perennial.trace t on t.organisation = e.organisation and t.command = e.command
      where e.stream = $1 and e.version between $2 and $3 order by e.version desc limit ${String(MOST)}`;
    const { rows } = await withClient(this.source, (client) =>
      client.query<Traced>(prepared(text, [stream, from, to, FRESH])),
    );
    const within = rows.find(({ fresh }) => fresh)?.context;
    const others = rows.map(({ context }) => context).filter((context) => context !== within);
    return { within, after: [...new Set(others)] };
  }
}

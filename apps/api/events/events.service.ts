import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PassThrough, pipeline } from 'node:stream';
import type { DataSource } from 'typeorm';
import { eventOf, factTypeOf, placeOf } from '#contract/cloud-event.js';
import { eventsOf, type FeedPage, type PlacedEntry, type WhichEvents } from '#database/reading/events.js';
import { viewAs } from '#database/reading/view.js';
import type { Id } from '#domain/actor.js';
import { Bell } from '#platform/bell.js';
import { Answer } from '../http/answer.js';
import { Fault } from '../http/fault.js';
import type { Follower } from '../http/following.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';

const USUAL = 100;

const LOOK_MS = 1_000;
/** Proxies close a line on which nothing is said. */
const SILENCE_MS = 15_000;
/** Then the follower comes again, and with a credential that is looked at again. */
const LONGEST_MS = 5 * 60_000;
const MOST_STREAMS = 5;

/** From behind which place somebody follows, and the bell that rings when they do no more. */
interface Line {
  readonly lastSeen: string | undefined;
  readonly over: Bell;
}

/** The feed of an organisation, as CloudEvents. */
@Injectable()
export class EventsService implements OnModuleDestroy {
  /** The lines on which an organisation follows: the bell of each, which rings when it is over. */
  private readonly lines = new Map<Id, Set<Bell>>();

  constructor(
    private readonly source: DataSource,
    private readonly now: () => number,
  ) {}

  /** Every line is ended before the server is: nobody waits for those who only listen. */
  onModuleDestroy(): void {
    for (const lines of this.lines.values()) lines.forEach((over) => over.ring());
  }

  async list({ query }: Sent, caller: Caller): Promise<Answer> {
    const { after = '0', limit = String(USUAL) } = query;
    const { entries, last } = await this.read(caller, whichOf(query, after), Number(limit));
    return new Answer(200, { data: entries.map(eventOf), cursor: placeOf(last) });
  }

  /** The same as it happens, from behind what was seen last; from now on where nothing is said. */
  follow({ query }: Sent, caller: Caller, { lastSeen = query['after'] }: Follower): Answer {
    const { organisation } = caller;
    const lines = this.lines.get(organisation) ?? new Set();
    if (lines.size >= MOST_STREAMS)
      throw new Fault('rate-limited', `${String(MOST_STREAMS)} of an organisation follow at once.`, {
        headers: { 'retry-after': '60' },
      });
    const over = new Bell();
    this.lines.set(organisation, lines.add(over));
    const line = pipeline(this.told(caller, query, { lastSeen, over }), new PassThrough(), () => undefined);
    // whoever leaves makes room at once, and not when there is something to tell
    line.once('close', () => {
      lines.delete(over);
      over.ring();
    });
    return new Answer(200, line, {
      ...{ 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
      connection: 'close', // an end of it is an end of the line, which nobody has to wait for
    });
  }

  private async *told(
    caller: Caller,
    query: Sent['query'],
    { lastSeen, over }: Line,
  ): AsyncGenerator<string> {
    const end = this.now() + LONGEST_MS;
    yield 'retry: 1000\n\n';
    const which = whichOf(query, lastSeen ?? '0');
    let after = lastSeen === undefined ? (await this.read(caller, which, 0)).last : which.after;
    let spoke = this.now();
    while (over.rings === 0 && this.now() < end) {
      const { entries, last } = await this.read(caller, { ...which, after }, USUAL);
      yield* entries.map(lineOf);
      after = last;
      if (entries.length > 0) spoke = this.now();
      else if (this.now() - spoke > SILENCE_MS) {
        yield ':\n\n';
        spoke = this.now();
      }
      if (entries.length < USUAL) await over.after(0, LOOK_MS);
    }
  }

  private read(caller: Caller, which: WhichEvents, limit: number): Promise<FeedPage> {
    return viewAs(this.source, caller, (client) => eventsOf(client, which, limit));
  }
}

const whichOf = ({ type, subject }: Sent['query'], after: string): WhichEvents => ({
  after: Number(after),
  ...(type === undefined ? {} : { types: type.split(',').map(factTypeOf) }),
  ...(subject === undefined ? {} : { subject }),
});

/** One event as a browser reads it: its place, its type, and the whole of it on one line. */
function lineOf(entry: PlacedEntry): string {
  const event = eventOf(entry);
  return `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

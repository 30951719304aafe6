import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { lookAt, clockOver } from '#database/reading/past.js';
import { onTheWay, thingsOnTheWayThen, type OnTheWay } from '#database/reading/roadmap.js';
import { viewAs } from '#database/reading/view.js';
import { counts, type Then } from '#domain/as-of.js';
import { civilDate, instant, isCivilDate, type Instant } from '#domain/instant.js';
import type { Thing } from '#domain/machine.js';
import { isProgramme } from '#domain/programme/facts.js';
import { roadmapOf } from '#domain/roadmap/roadmap.js';
import { civilDateAt } from '#platform/zone.js';
import { Answer } from '../http/answer.js';
import { notFound } from '../http/fault.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { oneIn, refuseNamesakes } from '../things/one.js';
import { notYet } from '../things/past.service.js';
import { ofThePast, refuseFuture, thenIn } from '../things/then.js';
import { drawn } from './drawn.js';

type Client = Parameters<typeof onTheWay>[0];

/** Shows the way of a programme, as it stands or as it was, to whoever may see the programme: of its things what they may see. */
@Injectable()
export class RoadmapService {
  constructor(
    private readonly source: DataSource,
    private readonly now: () => number,
  ) {}

  async get(sent: Sent, caller: Caller): Promise<Answer> {
    const then = thenIn(sent);
    return viewAs(this.source, caller, async (client) =>
      then
        ? ofThePast(then, await this.past(client, sent, then))
        : new Answer(200, await this.present(client, sent)),
    );
  }

  private async present(client: Client, { params: { id = '' } }: Sent): Promise<object> {
    const found = await onTheWay(client, id);
    if (!found) throw notFound();
    if (found.programme.id !== id) await refuseNamesakes(client, id, 'programme');
    return this.draw(found, found.now ?? this.real());
  }

  private async past(client: Client, sent: Sent, then: Then): Promise<object> {
    const shown = await oneIn(client, sent);
    const look = await lookAt(client, shown, then);
    const now = await clockOver(client, this.real(), shown.thing.organisation);
    refuseFuture(then, now, look.zone);
    if (!look.past) throw notYet(look);
    const { entries, bounds, past, zone } = look;
    const facts = entries.map(({ fact }) => fact).filter((fact) => counts(fact, bounds));
    const things = await thingsOnTheWayThen(client, shown.thing.id, bounds);
    return this.draw({ programme: past.thing, things, facts }, then.asOf ?? then.knownAt ?? now, zone);
  }

  private draw(
    { programme, things, facts }: Omit<OnTheWay, 'now'>,
    at: string,
    zone = zoneOf(programme),
  ): object {
    const dayOf = (day: string) => civilDate(civilDateAt(day, zone));
    const acts = facts.map(({ type, effectiveAt }) => ({ type, on: dayOf(effectiveAt) }));
    const today = isCivilDate(at) ? at : dayOf(at);
    return drawn(programme, roadmapOf({ programme, things, acts, today }));
  }

  private readonly real = (): Instant => instant(new Date(this.now()).toISOString());
}

const zoneOf = (thing: Thing): string => (isProgramme(thing) ? thing.governingZone : 'UTC');

import { randomUUID } from 'node:crypto';
import { Client, PerennialProblem, type Asked, type Tells } from '#client/client.js';
import { routes } from '#contract/routes/all.js';
import { entries } from '#contract/routes/entries.js';
import { evidenceFiles } from '#contract/routes/evidence.js';
import { operations, sandboxes } from '#contract/routes/sandboxes.js';
import type { Route } from '#contract/route.js';
import type { Id } from '#domain/actor.js';
import { instant, type CivilDate } from '#domain/instant.js';
import { pause } from '#platform/pause.js';
import type { Answer, Deed, Door, Entry, FileDeed, Hour, Joining, Stage } from '#rehearsal/play/door.js';
import { actedIn, entriesIn, isRefusals, thingIn } from './answers.js';
import { instantOf } from './tools.js';

const PAGE = 200;
const LONGEST_WAIT_S = 30;
/** What a worker had in hand when it was killed is missed after a minute: so a clock may stand for longer than a door is away. */
const LOOKS = 180;
/** A system that is being started again is waited for, as people would. */
const PATIENCE_MS = 60_000;

/** For how long a door that is away is waited for, and who hears of it. */
export interface Patience {
  readonly patienceMs?: number;
  readonly tells?: Tells;
}

type Placed = Entry & { readonly position: number };

/** The door of a running system did what no script can foresee. */
export class DoorProblem extends Error {
  override readonly name = 'DoorProblem';
}

/** The door of a running system: a sandbox of one's own, its people by their tokens, evidence as real files. */
export class HttpDoor implements Door {
  private readonly clientOf: (token: string) => Client;
  private readonly owner: Client;
  private sandbox = '';
  private zone = 'UTC';
  private now = instant('1970-01-01T00:00:00.000Z');
  private moves = 0;
  private readonly people = new Map<Id, Client>();
  private readonly versions = new Map<Id, number>();
  /** Behind which entry the next ones are asked for, and which behind it were heard before others that may come in between. */
  private position = 0;
  private early: ReadonlySet<number> = new Set();

  constructor(url: string, key: string, { patienceMs = PATIENCE_MS, tells }: Patience = {}) {
    this.clientOf = (token) => new Client(url, token, patienceMs, tells);
    this.owner = this.clientOf(key);
  }

  async open({ name, starts, zone, seed, organisations }: Stage): Promise<readonly Id[]> {
    this.zone = zone;
    this.now = instantOf(starts, 'office', zone);
    const body = { name, startsAt: this.now, zone, seed, organisations: [...organisations] };
    const made = await this.owner.call(sandboxes.create, { key: randomUUID(), body });
    this.sandbox = made.id;
    return organisations.map(({ side }) => made.organisations.find((one) => one.side === side)?.id ?? '');
  }

  async join({ key, sameHumanAs, ...joining }: Joining): Promise<Id> {
    const body = { ...joining, ...(sameHumanAs === undefined ? {} : { sameHumanAs }) };
    const inviting = { key: this.own(key), body };
    const { id: person, version } = actedIn(await this.owner.call(routeOf('invitePerson'), inviting));
    const acting = { params: { id: this.sandbox }, key: this.own(`${key}-token`), body: { person } };
    const { token } = await this.owner.call(sandboxes.actAs, acting);
    this.people.set(person, this.clientOf(token));
    this.versions.set(person, version);
    const accept = { command: 'acceptInvitation', kind: 'person', target: person };
    await this.act({ ...accept, key: `${key}-accepted`, by: person, ...empty });
    return person;
  }

  async file({ key, by, programme, name, content, kind, datedOn, approvedBy }: FileDeed): Promise<Id> {
    const approved = approvedBy === undefined ? {} : { approvedBy };
    const metadata = { under: programme, documentKind: kind, title: name, datedOn, ...approved };
    const parts = new FormData();
    parts.set('metadata', new Blob([JSON.stringify(metadata)], { type: 'application/json' }));
    parts.set('file', new Blob([content], { type: 'text/plain' }), `${name}.txt`);
    return thingIn(await this.as(by).call(evidenceFiles.upload, { key, parts }));
  }

  async act(deed: Deed): Promise<Answer> {
    const route = routeOf(deed.command);
    const { target = '' } = deed;
    const read = route.params.length === 0 ? {} : { version: this.versions.get(target) ?? 0 };
    const asked: Asked = { params: { id: target }, key: deed.key, body: bodyOf(deed, route), ...read };
    try {
      const { id, state, warnings, awaiting } = actedIn(await this.as(deed.by).call(route, asked));
      return { thing: id, stage: state, warnings, awaiting: awaiting.map(({ role }) => role) };
    } catch (error) {
      if (error instanceof PerennialProblem && isRefusals(error.problem.refusals))
        return { refused: error.problem.refusals };
      throw error;
    }
  }

  async advance(to: CivilDate, hour: Hour): Promise<void> {
    this.now = instantOf(to, hour, this.zone);
    await this.settle();
  }

  /** An advance to the present instant moves nothing, and is over when everybody waits again. */
  async settle(): Promise<void> {
    this.moves += 1;
    const key = this.own(`advance-${String(this.moves)}`);
    const asked = { params: { id: this.sandbox }, key, body: { to: this.now }, waitS: LONGEST_WAIT_S };
    let operation = await this.owner.call(sandboxes.advance, asked);
    for (let looked = 0; looked < LOOKS && isUnderWay(operation.status); looked += 1) {
      await pause(1_000);
      operation = await this.owner.call(operations.get, { params: { id: operation.id } });
    }
    if (operation.status !== 'succeeded') throw new DoorProblem('the clock of the sandbox does not move');
  }

  /** Whoever keeps a sandbox sees everything in it. */
  async news(): Promise<readonly Entry[]> {
    const rows: Placed[] = [];
    let cursor = this.position;
    let isSettled = true;
    for (let page: string | undefined = ''; page !== undefined;) {
      const more: Record<string, string> = page === '' ? {} : { pageToken: page };
      const query = { pageSize: String(PAGE), sandbox: this.sandbox, after: String(this.position), ...more };
      const shown = await this.owner.call(entries.list, { query });
      rows.push(...entriesIn(shown.data));
      if (isSettled) cursor = Number(shown.cursor);
      isSettled = rows.every(({ position }) => position <= cursor);
      page = shown.nextPageToken ?? undefined;
    }
    const fresh = rows.filter(({ position }) => !this.early.has(position));
    this.position = cursor;
    this.early = new Set(rows.map(({ position }) => position).filter((position) => position > cursor));
    fresh.forEach(({ fact }) => this.versions.set(fact.stream, fact.version));
    return fresh;
  }

  /** Keys of the administrator are known to the whole installation; those of people belong to their sandbox. */
  private own(key: string): string {
    return `${this.sandbox}/${key}`;
  }

  private as(person: Id): Client {
    const client = this.people.get(person);
    if (client === undefined) throw new DoorProblem(`${person} has not joined`);
    return client;
  }
}

const empty = { input: {}, evidence: [], acknowledge: [] };

function routeOf(command: string): Route {
  const route = routes.find((one) => one.command?.type === command);
  if (!route) throw new DoorProblem(`no route is there for ${command}`);
  return route;
}

/** The input with what any command may carry beside it, and what a new thing stands under. */
function bodyOf(
  { input, evidence, reason, effectiveOn, signedBy, acknowledge, under }: Deed,
  { command }: Route,
): object {
  return {
    ...input,
    ...(evidence.length > 0 ? { evidence } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(effectiveOn === undefined ? {} : { effectiveOn }),
    ...(signedBy === undefined ? {} : { signedBy }),
    ...(acknowledge.length > 0 ? { acknowledge } : {}),
    ...(command?.under === undefined || under === undefined ? {} : { [command.under]: under }),
  };
}

const isUnderWay = (status: string): boolean => status === 'queued' || status === 'running';

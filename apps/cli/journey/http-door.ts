import { routes } from '#contract/routes/all.js';
import type { Route } from '#contract/route.js';
import type { Id } from '#domain/actor.js';
import type { CivilDate } from '#domain/instant.js';
import type { Answer, Deed, Door, Entry, FileDeed, Hour, Joining, Stage } from '#rehearsal/play/door.js';
import { actedIn, entriesIn, organisationsIn, textIn } from './answers.js';
import { call, documentOf, DoorProblem, type Call } from './calls.js';
import { instantOf } from './tools.js';

const PAGE = 200;
const LONGEST_WAIT_S = 30;
const PATIENCE = 20;

type Placed = Entry & { readonly position: number };

interface Feed {
  readonly token: string;
  position: number;
}

/** The door of a running system: a sandbox of one's own, its people by their tokens, evidence as real files. */
export class HttpDoor implements Door {
  private sandbox = '';
  private zone = 'UTC';
  private now = '';
  private moves = 0;
  private readonly tokens = new Map<Id, string>();
  private readonly versions = new Map<Id, number>();
  /** One of the people of each organisation, by whose eyes the ledger is read. */
  private readonly feeds = new Map<Id, Feed>();
  private readonly kept: Entry[] = [];

  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  async open({ name, starts, zone, seed, organisations }: Stage): Promise<readonly Id[]> {
    this.zone = zone;
    this.now = instantOf(starts, 'office', zone);
    const body = { name, startsAt: this.now, zone, seed, organisations };
    const key = `${name.replaceAll(/[^\x21-\x7e]/g, '-').slice(0, 100)}/${String(Date.now())}`;
    const made = await this.ask({ path: '/v1/sandboxes', key, body });
    this.sandbox = textIn(made, 'id');
    const found = organisationsIn(made);
    return organisations.map(({ side }) => found.find((one) => one.side === side)?.id ?? '');
  }

  async join({ key, organisation, name, mail, roles, from, sameHumanAs }: Joining): Promise<Id> {
    const body = {
      organisation,
      name,
      mail,
      roles,
      from,
      ...(sameHumanAs === undefined ? {} : { sameHumanAs }),
    };
    const person = textIn(
      await this.ask({ path: routeOf('invitePerson').path, key: this.own(key), body }),
      'id',
    );
    const path = `/v1/sandboxes/${this.sandbox}/act-as`;
    const token = textIn(await this.ask({ path, key: this.own(`${key}-token`), body: { person } }), 'token');
    this.tokens.set(person, token);
    if (!this.feeds.has(organisation)) this.feeds.set(organisation, { token, position: 0 });
    this.kept.push(...(await this.news()));
    const accept = {
      key: `${key}-accepted`,
      by: person,
      command: 'acceptInvitation',
      kind: 'person',
      target: person,
    };
    await this.act({ ...accept, input: {}, evidence: [], acknowledge: [] });
    return person;
  }

  async file({ key, by, programme, name, content, kind, datedOn, approvedBy }: FileDeed): Promise<Id> {
    const approved = approvedBy === undefined ? {} : { approvedBy };
    const metadata = { under: programme, documentKind: kind, title: name, datedOn, ...approved };
    const body = new FormData();
    body.set('metadata', new Blob([JSON.stringify(metadata)], { type: 'application/json' }));
    body.set('file', new Blob([content], { type: 'text/plain' }), `${name}.txt`);
    return textIn(await this.ask({ path: '/v1/evidence', key, body, token: this.tokenOf(by) }), 'id');
  }

  async act(deed: Deed): Promise<Answer> {
    const route = routeOf(deed.command);
    const { target } = deed;
    const reply = await call(this.url, {
      method: 'POST',
      path: route.path.replace('{id}', target ?? ''),
      token: this.tokenOf(deed.by),
      key: deed.key,
      body: bodyOf(deed, route),
      ...(target === undefined || route.params.length === 0
        ? {}
        : { version: this.versions.get(target) ?? 0 }),
    });
    if ('refused' in reply) return reply;
    const { id, state, warnings, awaiting } = actedIn(reply.document);
    return { thing: id, stage: state, warnings, awaiting: awaiting.map(({ role }) => role) };
  }

  async advance(to: CivilDate, hour: Hour): Promise<void> {
    this.now = instantOf(to, hour, this.zone);
    await this.settle();
  }

  /** An advance to the present instant moves nothing, and is over when everybody waits again. */
  async settle(): Promise<void> {
    this.moves += 1;
    const path = `/v1/sandboxes/${this.sandbox}/advance`;
    const body = { to: this.now };
    let operation = await this.ask({
      path,
      key: this.own(`advance-${String(this.moves)}`),
      body,
      wait: LONGEST_WAIT_S,
    });
    for (let asked = 0; asked < PATIENCE && isUnderWay(operation); asked += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      operation = await documentOf(this.url, {
        method: 'GET',
        path: `/v1/operations/${textIn(operation, 'id')}`,
        token: this.key,
      });
    }
    if (textIn(operation, 'status') !== 'succeeded')
      throw new DoorProblem('the clock of the sandbox does not move');
  }

  /** Each side sees what is its own and what both share; together that is everything. */
  async news(): Promise<readonly Entry[]> {
    const found: Placed[] = [];
    for (const feed of this.feeds.values()) found.push(...(await this.after(feed)));
    const fresh = found.toSorted((a, b) => a.position - b.position).filter((one) => this.isNew(one));
    return [...this.kept.splice(0), ...fresh];
  }

  private async after(feed: Feed): Promise<readonly Placed[]> {
    const fresh: Placed[] = [];
    for (let page: string | undefined = ''; page !== undefined;) {
      const more = page === '' ? '' : `&pageToken=${page}`;
      const path = `/v1/entries?pageSize=${String(PAGE)}&after=${String(feed.position)}${more}`;
      const { entries, next } = entriesIn(
        await documentOf(this.url, { method: 'GET', path, token: feed.token }),
      );
      fresh.push(...entries);
      page = next;
    }
    feed.position = fresh.at(-1)?.position ?? feed.position;
    return fresh;
  }

  private isNew({ fact }: Placed): boolean {
    if (fact.version <= (this.versions.get(fact.stream) ?? 0)) return false;
    this.versions.set(fact.stream, fact.version);
    return true;
  }

  private async ask(asked: Omit<Call, 'method' | 'token'> & { readonly token?: string }): Promise<object> {
    return documentOf(this.url, { method: 'POST', token: this.key, ...asked });
  }

  /** Keys of the administrator are known to the whole installation; those of people belong to their sandbox. */
  private own(key: string): string {
    return `${this.sandbox}/${key}`;
  }

  private tokenOf(person: Id): string {
    const token = this.tokens.get(person);
    if (token === undefined) throw new DoorProblem(`${person} has not joined`);
    return token;
  }
}

function routeOf(command: string): Route {
  const route = routes.find((one) => one.command?.type === command);
  if (!route) throw new DoorProblem(`no route is there for ${command}`);
  return route;
}

/** The input with what any command may carry beside it, and what a new thing stands under. */
function bodyOf(
  { input, evidence, reason, effectiveOn, acknowledge, under }: Deed,
  { command }: Route,
): object {
  return {
    ...input,
    ...(evidence.length > 0 ? { evidence } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(effectiveOn === undefined ? {} : { effectiveOn }),
    ...(acknowledge.length > 0 ? { acknowledge } : {}),
    ...(command?.under === undefined || under === undefined ? {} : { [command.under]: under }),
  };
}

function isUnderWay(operation: object): boolean {
  const status = textIn(operation, 'status');
  return status === 'queued' || status === 'running';
}

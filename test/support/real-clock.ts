import type { Id, Role } from '#domain/actor.js';
import { instant, type Instant } from '#domain/instant.js';
import { givenId } from './client.js';
import type { Installation } from './live.js';
import { deedsOf, usual } from './own-finding.js';

const DAY_MS = 86_400_000;

/** An instant so many days before now. */
export const daysAgo = (days: number): Instant => instant(new Date(Date.now() - days * DAY_MS).toISOString());

/** Somebody of an organisation on the real clock. */
export interface Somebody {
  readonly name: string;
  readonly mail: string;
  readonly roles: readonly Role[];
}

/** A client on the machine's own clock, which nobody moves: what lies in the past was done when the clock showed it. */
export class RealClient {
  readonly organisation: Id;
  private readonly people = new Map<string, Id>();
  private calls = 0;

  private constructor(
    private readonly installation: Installation,
    private readonly number: number,
  ) {
    this.organisation = givenId('org', number);
  }

  /** An organisation that has been there for half a year, with its people. */
  static async make(
    installation: Installation,
    number: number,
    people: readonly Somebody[],
  ): Promise<RealClient> {
    const client = new RealClient(installation, number);
    const input = { name: 'A client', side: 'client', mode: 'live', zone: 'Etc/UTC' };
    const asked = { type: 'createOrganisation', stream: client.organisation, input };
    await installation.does(asked, { key: client.organisation });
    for (const somebody of people) await client.joins(somebody);
    return client;
  }

  person(name: string): Id {
    return this.people.get(name) ?? '';
  }

  /** Somebody joins, with roles held for half a year. */
  async joins({ name, mail, roles }: Somebody): Promise<void> {
    const from = daysAgo(180).slice(0, 10);
    const { installation, organisation } = this;
    const person = givenId('per', this.number * 1_000 + this.people.size);
    this.people.set(name, person);
    const invited = {
      type: 'invitePerson',
      stream: person,
      under: organisation,
      input: { name, mail, roles, from },
    };
    await installation.does(invited, { key: person });
    await this.does(name, { type: 'acceptInvitation', stream: person });
  }

  /** A minor of its own was raised so many days ago, in due form. */
  async raised(by: string, days: number): Promise<Id> {
    const at = daysAgo(days);
    const finding = await this.does(by, { type: 'draftFinding', input: { source: 'internalAudit' } }, at);
    const [raising] = deedsOf({ ...usual, grade: 'minor' }, '');
    await this.does(by, { type: 'raiseNonconformity', stream: finding, input: raising?.input ?? {} }, at);
    return finding;
  }

  /** What somebody does must be possible. Whoever runs the installation does what nobody is named for. */
  async does(
    name: string | undefined,
    asked: { type: string; stream?: Id; under?: Id; input?: object; reason?: string },
    at?: Instant,
  ): Promise<Id> {
    this.calls += 1;
    const { organisation } = this;
    const who = name === undefined ? {} : { principal: this.person(name), organisation };
    const key = `${organisation}/${String(this.calls)}`;
    return this.installation.does({ input: {}, ...asked }, { ...who, key, ...(at ? { at } : {}) });
  }
}

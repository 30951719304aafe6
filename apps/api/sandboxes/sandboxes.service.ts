import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import { newSandbox, whomToBe } from '#contract/routes/sandboxes.js';
import type { Commands } from '#database/commands.js';
import { newCredential, type Credentials } from '#database/credentials.js';
import { thingOf } from '#database/reading/things.js';
import { viewAsOrganisation } from '#database/reading/view.js';
import { Sandboxes, type Sandbox } from '#database/sandboxes.js';
import { sqlstate, sqlstateOf } from '#database/sqlstate.js';
import { organisationMachine } from '#domain/organisation/organisation.js';
import { cryptoRandom, newId, seededSource } from '#platform/ids.js';
import { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import { pageOfRows } from '../http/page.js';
import type { PageTokens } from '../http/page-token.js';
import type { Sent } from '../http/sent.js';
import { checkedBody } from '../http/shape.js';
import type { Caller } from '../http/visit.js';
import { execute } from '../things/acting.js';

type NewSandbox = z.output<typeof newSandbox>;
type Members = NonNullable<NewSandbox['organisations']>;

const TOKEN_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;
const usual: Members = [
  { name: 'Client', side: 'client' },
  { name: 'Certification body', side: 'certificationBody', accredited: true },
];

/** An organisation of a sandbox, under the id that it will have when that is known. */
type Member = Members[number] & { readonly stream?: string };

/** The id of a sandbox comes from who asks and under which key, and from nothing that the body says. */
const idsOf = ({ organisation, principal, key = '' }: Caller) =>
  seededSource(organisation, `${principal}\n${key}`, () => 0);

const under = (caller: Caller, place: number): Caller => ({
  ...caller,
  key: `${caller.key ?? ''}/${String(place)}`,
});

/** Organisations on a clock of their own, and the tokens by which one is their people. */
@Injectable()
export class SandboxesService {
  constructor(
    private readonly source: DataSource,
    private readonly commands: Commands,
    private readonly credentials: Credentials,
    private readonly tokens: PageTokens,
  ) {}

  /**
   * The row is known again by the key of the request, and each organisation by a key under it: a retry makes nothing twice.
   * Nothing is made before all of it is known to be allowed.
   */
  async create(sent: Sent, caller: Caller): Promise<Answer> {
    const body = checkedBody(newSandbox, sent.body);
    const { organisations: members = usual, zone } = body;
    for (const [place, member] of members.entries())
      await this.organisation(member, zone, { ...under(caller, place), dryRun: true });
    const row = await this.row(body, members.length, caller);
    for (const [place, stream] of row.organisations.entries()) {
      const member = members[place];
      if (member) await this.organisation({ ...member, stream }, zone, under(caller, place));
    }
    return new Answer(201, await this.shown(row), { location: `/v1/sandboxes/${row.id}` });
  }

  list(sent: Sent, caller: Caller): Promise<Answer> {
    return pageOfRows(this.tokens, sent, caller, async (limit, behind) => {
      const rows: { place: string; row: object }[] = [];
      for (const row of await this.store().list(caller.organisation, limit, behind))
        rows.push({ place: row.id, row: await this.shown(row) });
      return rows;
    });
  }

  async get({ params }: Sent, caller: Caller): Promise<Answer> {
    return new Answer(200, await this.shown(await this.one(params['id'], caller)));
  }

  /** A token for one of its people: in a sandbox nobody else is there to be them. */
  async actAs({ params, body }: Sent, caller: Caller): Promise<Answer> {
    const { person } = checkedBody(whomToBe, body);
    const sandbox = await this.one(params['id'], caller);
    const shown = await viewAsOrganisation(this.source, sandbox.organisation, (client) =>
      thingOf(client, person, 'person'),
    );
    const organisation = shown?.thing.organisation;
    if (organisation === undefined || !sandbox.organisations.includes(organisation)) throw notFound();
    const credential = newCredential('person', cryptoRandom);
    const expiresAt = new Date(Date.now() + TOKEN_DAYS * DAY_MS).toISOString();
    await this.credentials.add(credential, { id: person, organisation, expiresAt });
    return new Answer(
      201,
      { token: credential.text, person, organisation, expiresAt },
      { 'cache-control': 'no-store' },
    );
  }

  /** The sandbox, for its keeper and for those who live in it. */
  async one(id: string | undefined, { organisation }: Caller): Promise<Sandbox> {
    const sandbox = await this.store().get(organisation, id ?? '');
    if (!sandbox) throw notFound();
    return sandbox;
  }

  private async organisation(member: Member, zone: string, caller: Caller): Promise<void> {
    const { name, side, zone: own = zone, accredited = true, stream } = member;
    const flag = side === 'certificationBody' ? { accredited } : {};
    const input = { name, side, mode: 'sandbox', zone: own, ...flag };
    const asked = { type: 'createOrganisation', evidence: [], input };
    await execute(this.commands, stream === undefined ? asked : { ...asked, stream }, caller);
  }

  private store(): Sandboxes {
    return new Sandboxes(this.source);
  }

  private async row(body: NewSandbox, members: number, caller: Caller): Promise<Sandbox> {
    const { organisation } = caller;
    const { name, zone, startsAt, seed } = body;
    const asked = { organisation, name, zone, startsAt, seed: String(seed), members };
    try {
      return await new Sandboxes(this.source, idsOf(caller)).create(asked);
    } catch (error) {
      if (sqlstateOf(error) !== sqlstate.uniqueViolation) throw error;
      return this.known(body, members, caller);
    }
  }

  /** The sandbox that an earlier request with this key has made. */
  private async known({ name, zone, seed }: NewSandbox, members: number, caller: Caller): Promise<Sandbox> {
    const sandbox = await this.store().get(caller.organisation, newId('sbx', idsOf(caller)));
    const same = sandbox?.name === name && sandbox.zone === zone && sandbox.organisations.length === members;
    if (same && sandbox.seed === `${String(seed)}/${sandbox.id}`) return sandbox;
    throw new Fault('idempotency-key-reused', 'The first request with this key had another body.');
  }

  private async shown(row: Sandbox): Promise<object> {
    const organisations = await viewAsOrganisation(this.source, row.organisation, async (client) => {
      const found: object[] = [];
      for (const id of row.organisations) {
        const thing = (await thingOf(client, id, 'organisation'))?.thing;
        found.push({ id, side: thing && organisationMachine.is(thing) ? thing.side : '' });
      }
      return found;
    });
    const self = `/v1/sandboxes/${row.id}`;
    const links = { self, caught: `${self}/caught`, advance: `${self}/advance` };
    return {
      object: 'sandbox',
      id: row.id,
      name: row.name,
      zone: row.zone,
      now: row.now,
      seed: row.seed,
      organisations,
      links,
    };
  }
}

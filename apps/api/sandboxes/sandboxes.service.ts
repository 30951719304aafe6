import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import { newSandbox, whomToBe } from '#contract/routes/sandboxes.js';
import type { Commands } from '#database/commands.js';
import { newCredential, type Credentials } from '#database/credentials.js';
import { thingOf } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import { Sandboxes, type Sandbox } from '#database/sandboxes.js';
import { sqlstate, sqlstateOf } from '#database/sqlstate.js';
import { organisationMachine } from '#domain/organisation/organisation.js';
import { cryptoRandom, newId, sandboxSource } from '#platform/ids.js';
import { isZone } from '#platform/zone.js';
import { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
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

/** Organisations on a clock of their own, and the tokens by which one is their people. */
@Injectable()
export class SandboxesService {
  constructor(
    private readonly source: DataSource,
    private readonly commands: Commands,
    private readonly credentials: Credentials,
  ) {}

  /** The row is known again by the key of the request, and each organisation by a key under it: a retry makes nothing twice. */
  async create(sent: Sent, caller: Caller): Promise<Answer> {
    const body = checkedBody(newSandbox, sent.body);
    const { organisations: members = usual, zone } = body;
    [zone, ...members.map((one) => one.zone ?? zone)].forEach(refuseUnknownZone);
    const row = await this.row(body, members.length, caller);
    for (const [place, id] of row.organisations.entries()) {
      const {
        name,
        side,
        zone: own = zone,
        accredited,
      } = members[place] ?? { name: '', side: 'client' as const };
      const flag = side === 'certificationBody' ? { accredited: accredited ?? true } : {};
      const asked = {
        type: 'createOrganisation',
        stream: id,
        evidence: [],
        input: { name, side, mode: 'sandbox', zone: own, ...flag },
      };
      await execute(this.commands, asked, {
        ...caller,
        key: `${caller.key ?? ''}/${place}`,
        fingerprint: name,
      });
    }
    const shown = await this.shown(row);
    return new Answer(201, shown, { location: `/v1/sandboxes/${row.id}` });
  }

  async list(caller: Caller): Promise<Answer> {
    const rows = await this.store().list(caller.organisation);
    const data: object[] = [];
    for (const row of rows) data.push(await this.shown(row));
    return new Answer(200, { data, nextPageToken: null });
  }

  async get({ params }: Sent, caller: Caller): Promise<Answer> {
    return new Answer(200, await this.shown(await this.one(params['id'], caller)));
  }

  /** A token for one of its people: in a sandbox nobody else is there to be them. */
  async actAs({ params, body }: Sent, caller: Caller): Promise<Answer> {
    const { person } = checkedBody(whomToBe, body);
    const sandbox = await this.one(params['id'], caller);
    const shown = await viewAs(this.source, sandbox.organisation, (client) =>
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

  private store(): Sandboxes {
    return new Sandboxes(this.source);
  }

  private async row(body: NewSandbox, members: number, caller: Caller): Promise<Sandbox> {
    const { organisation, principal, key = '' } = caller;
    const ids = sandboxSource(organisation, `${principal}\n${key}`, () => Date.parse(body.startsAt));
    const { name, zone, startsAt, seed } = body;
    try {
      return await new Sandboxes(this.source, ids).create({
        organisation,
        name,
        zone,
        startsAt,
        seed: String(seed),
        members,
      });
    } catch (error) {
      if (sqlstateOf(error) !== sqlstate.uniqueViolation) throw error;
      return this.known(body, members, caller);
    }
  }

  /** The sandbox that an earlier request with this key has made. */
  private async known(body: NewSandbox, members: number, caller: Caller): Promise<Sandbox> {
    const { organisation, principal, key = '' } = caller;
    const ids = sandboxSource(organisation, `${principal}\n${key}`, () => Date.parse(body.startsAt));
    const sandbox = await this.store().get(organisation, newId('sbx', ids));
    if (sandbox?.name === body.name && sandbox.zone === body.zone && sandbox.organisations.length === members)
      return sandbox;
    throw new Fault('idempotency-key-reused', 'The first request with this key had another body.');
  }

  private async shown(row: Sandbox): Promise<object> {
    const organisations = await viewAs(this.source, row.organisation, async (client) => {
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

function refuseUnknownZone(zone: string): void {
  if (isZone(zone)) return;
  const errors = [
    {
      pointer: '/zone',
      code: 'not-in-list' as const,
      detail: `${zone} is no time zone of the IANA database.`,
    },
  ];
  throw new Fault('invalid-body', `/zone: ${zone} is no time zone of the IANA database.`, { errors });
}

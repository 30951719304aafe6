import { createHash } from 'node:crypto';
import type { Id } from '#domain/actor.js';
import { instant, type CivilDate, type Instant } from '#domain/instant.js';
import type { EvidenceRef } from '#domain/machine.js';
import type { Asked } from '#rehearsal/desk.js';
import type { Answer, Deed, Door, Entry, FileDeed, Hour, Joining, Stage } from '#rehearsal/play/door.js';
import { instantOf } from '../../apps/cli/journey/tools.js';
import { givenId, type As } from './client.js';

const LONG_AGO = instant('1970-01-01T00:00:00.000Z');

/** A clock with the two organisations that live on it. */
export interface Plot {
  readonly sandbox: Id;
  readonly organisations: readonly Id[];
  readonly starts: Instant;
  readonly zone: string;
  readonly seed: string;
}

/** What a straight door opens to: servers, or a world in memory. The same script leaves the same ids in both. */
export interface Ground {
  lay(plot: Plot): Promise<void>;
  does(asked: Asked, as: As): Promise<Id>;
  advance(plot: Plot, to: Instant): Promise<void>;
  /** The next awaited instant before another one. */
  nextDue(plot: Plot, before: Instant): Promise<Instant | undefined>;
  settle(plot: Plot): Promise<void>;
  /** The facts of both organisations since the last call. */
  news(plot: Plot): Promise<readonly Entry[]>;
}

/** What each open process waits for, by its id. */
export type Agendas = Readonly<Record<Id, readonly string[]>>;

/** How many facts each process has to do with: those of its thing since it was opened, and those of its steps. */
export type Counts = ReadonlyMap<Id, number>;

/** One thing that a process waits for, as a ledger or a rehearsal tells it. */
export interface Line {
  readonly label: string;
  readonly on?: string | null;
  readonly at?: string | null;
  readonly due: string | null;
}

export const inShort = ({ label, on = null, at = null, due }: Line): string =>
  JSON.stringify([label, on, at, due]);

/** A moment of a play: somebody's command has just been committed, or every process has done what it had to do. */
export type Moment = 'committed' | 'settled';

/** Told of each moment; the play waits for it. */
export type Watch = (moment: Moment, plot: Plot) => Promise<void>;

/** Opens a world to a script without HTTP. Scripts that are played here hold no act that is refused. */
export class StraightDoor implements Door {
  private plot: Plot = { sandbox: '', organisations: [], starts: LONG_AGO, zone: 'UTC', seed: '' };
  private readonly homes = new Map<Id, Id>();
  private readonly files = new Map<Id, EvidenceRef>();

  /** Plays on the same ground have numbers of their own. */
  constructor(
    private readonly ground: Ground,
    private readonly number: number,
    private readonly watch: Watch = () => Promise.resolve(),
  ) {}

  async open({ starts, zone, seed, organisations }: Stage): Promise<readonly Id[]> {
    const ids = organisations.map((_, place) => givenId('org', this.number * 10 + place));
    const starting = { starts: instantOf(starts, 'office', zone), zone, seed };
    this.plot = { sandbox: givenId('sbx', this.number * 10), organisations: ids, ...starting };
    await this.ground.lay(this.plot);
    for (const [place, { name, side }] of organisations.entries()) {
      const stream = ids[place] ?? '';
      const input = { name, side, mode: 'sandbox', zone, ...(side === 'client' ? {} : { accredited: true }) };
      await this.ground.does({ type: 'createOrganisation', stream, input }, { key: stream });
    }
    return ids;
  }

  async join({ organisation, name, mail, roles, from, sameHumanAs }: Joining): Promise<Id> {
    const stream = givenId('per', this.number * 100 + this.homes.size);
    const input = { name, mail, roles, from, ...(sameHumanAs === undefined ? {} : { sameHumanAs }) };
    await this.ground.does({ type: 'invitePerson', stream, under: organisation, input }, { key: stream });
    this.homes.set(stream, organisation);
    await this.does(stream, 'accepts', { type: 'acceptInvitation', stream, input: {} });
    return stream;
  }

  async file({ key, by, programme, name, content, kind, datedOn, approvedBy }: FileDeed): Promise<Id> {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const ref = { sha256, bytes: Buffer.byteLength(content), type: 'text/plain' };
    const approved = approvedBy === undefined ? {} : { approvedBy };
    const input = { ...ref, documentKind: kind, title: name, datedOn, ...approved };
    const id = await this.does(by, key, { type: 'recordEvidence', under: programme, input });
    this.files.set(id, ref);
    return id;
  }

  async act({ key, by, command, target, evidence, kind: _, ...rest }: Deed): Promise<Answer> {
    const shown = evidence.flatMap((id) => this.files.get(id) ?? []);
    const stream = target === undefined ? {} : { stream: target };
    const thing = await this.does(by, key, { ...rest, ...stream, type: command, evidence: shown });
    await this.watch('committed', this.plot);
    return { thing, stage: '', warnings: [], awaiting: [] };
  }

  /** When everybody waits, from one awaited instant to the next, and everybody waits again at each. */
  async advance(day: CivilDate, hour: Hour): Promise<void> {
    await this.settle();
    const to = instantOf(day, hour, this.plot.zone);
    for (let due = await this.nextDue(to); due !== undefined; due = await this.nextDue(to))
      await this.moveTo(due);
    await this.moveTo(to);
  }

  async settle(): Promise<void> {
    await this.ground.settle(this.plot);
    await this.watch('settled', this.plot);
  }

  news(): Promise<readonly Entry[]> {
    return this.ground.news(this.plot);
  }

  private async moveTo(to: Instant): Promise<void> {
    await this.ground.advance(this.plot, to);
    await this.watch('settled', this.plot);
  }

  private nextDue(before: Instant): Promise<Instant | undefined> {
    return this.ground.nextDue(this.plot, before);
  }

  private does(principal: Id, key: string, asked: Asked): Promise<Id> {
    const organisation = this.homes.get(principal) ?? '';
    return this.ground.does(asked, { principal, organisation, key });
  }
}

import type { DataSource } from 'typeorm';
import { evidenceFiles } from '#contract/routes/evidence.js';
import { sandboxes } from '#contract/routes/sandboxes.js';
import { Commands } from '#database/commands.js';
import { openDatabase } from '#database/data-source.js';
import { Sandboxes } from '#database/sandboxes.js';
import type { Id } from '#domain/actor.js';
import type { CivilDate } from '#domain/instant.js';
import type { EvidenceRef } from '#domain/machine.js';
import type { Answer, Deed, Door, Entry, FileDeed, Hour, Joining, Stage } from '#rehearsal/play/door.js';
import type { Names } from '#rehearsal/play/names.js';
import { play } from '#rehearsal/play/player.js';
import { instantOf } from '../../../apps/cli/journey/tools.js';
import { firstCertificate } from '../../support/first-certificate.js';
import type { ApiDoor } from './door.js';
import { join, type Somebody } from './people.js';
import { scriptIn } from '../../support/script-in.js';

const SAMPLE = 'samples/customer-chat-assistant.yaml';

/** What stands at the end of a script: what its names stand for, and the people with their tokens. */
export interface Certification {
  readonly names: Names;
  readonly people: readonly Somebody[];
}

/** A certification as far as a day, with no process behind it: people do what they do, and the clock moves by hand. */
export async function certification(door: ApiDoor, until = '9999-12-31'): Promise<Certification> {
  const first = firstCertificate(scriptIn(SAMPLE));
  const script = { ...first, acts: first.acts.filter(({ on }) => on <= until) };
  const engine = await openDatabase(door.behind.database.appUrl, 'engine', 1);
  try {
    const unattended = new UnattendedDoor(door, engine, until);
    const { names } = await play({ ...script, ends: script.acts.at(-1)?.on ?? script.ends }, unattended);
    return { names, people: [...unattended.people.values()] };
  } finally {
    await engine.destroy();
  }
}

/** People and files come through the door; what people do is issued behind it. */
class UnattendedDoor implements Door {
  readonly people = new Map<Id, Somebody>();
  private readonly files = new Map<Id, EvidenceRef>();
  private readonly versions = new Map<Id, number>();
  private readonly heard: Entry[] = [];
  private readonly commands: Commands;
  private sandbox = '';
  private zone = '';

  constructor(
    private readonly door: ApiDoor,
    private readonly engine: DataSource,
    private readonly until: string,
  ) {
    this.commands = new Commands(door.source);
  }

  async open({ name, starts, zone, seed, organisations }: Stage): Promise<readonly Id[]> {
    this.zone = zone;
    const body = {
      name,
      startsAt: instantOf(starts, 'office', zone),
      zone,
      seed,
      organisations: [...organisations],
    };
    const made = await this.door.as().call(sandboxes.create, { key: `certification/${this.until}`, body });
    this.sandbox = made.id;
    return organisations.map(({ side }) => made.organisations.find((one) => one.side === side)?.id ?? '');
  }

  async join({ key: _, ...joining }: Joining): Promise<Id> {
    const somebody = await join(this.door, this.sandbox, joining);
    this.people.set(somebody.id, somebody);
    return somebody.id;
  }

  async file({ key, by, programme, name, content, kind, datedOn, approvedBy }: FileDeed): Promise<Id> {
    const approved = approvedBy === undefined ? {} : { approvedBy };
    const parts = new FormData();
    const words = { under: programme, documentKind: kind, title: name, datedOn, ...approved };
    parts.set('metadata', new Blob([JSON.stringify(words)], { type: 'application/json' }));
    parts.set('file', new Blob([content], { type: 'text/plain' }), `${name}.txt`);
    const token = this.people.get(by)?.token;
    const made = await this.door.as(token).call(evidenceFiles.upload, { key, parts });
    this.files.set(made.id, refOf(made));
    return made.id;
  }

  async act({ command, target, evidence, by, key, ...deed }: Deed): Promise<Answer> {
    const { organisation = '' } = this.people.get(by) ?? {};
    const asked = {
      ...deed,
      type: command,
      evidence: evidence.flatMap((id) => this.files.get(id) ?? []),
      ...(target === undefined ? {} : { stream: target }),
    };
    const caller = { principal: by, organisation, auth: by, key, route: command, fingerprint: key };
    const answer = await this.commands.execute(asked, caller, () => ({
      status: 200,
      text: '',
    }));
    if (answer.kind === 'refused') return answer;
    if (answer.kind !== 'done') throw new Error(`${command}: ${answer.kind}`);
    const { thing, moved, facts, warnings } = answer.done;
    moved.forEach(({ thing: { id }, version }) => this.versions.set(id, version));
    this.heard.push(...facts);
    return { thing: thing.thing.id, stage: thing.thing.stage, warnings, awaiting: [] };
  }

  async advance(to: CivilDate, hour: Hour): Promise<void> {
    await new Sandboxes(this.engine).move(this.sandbox, instantOf(to, hour, this.zone));
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  news(): Promise<readonly Entry[]> {
    return Promise.resolve(this.heard.splice(0));
  }
}

const refOf = (made: object): EvidenceRef => made as EvidenceRef;

import { hash } from 'node:crypto';
import { firstKeyMade } from '#domain/api-key/api-key.js';
import type { Id } from '#domain/actor.js';
import { addMonths } from '#domain/calendar.js';
import type { EvidenceRef } from '#domain/machine.js';
import { evidenceKinds, evidenceMachine, type EvidenceKind } from '#domain/evidence/evidence.js';
import type { CivilDate } from '#domain/instant.js';
import { installationCreated } from '#domain/organisation/organisation.js';
import type { Answer, Deed, Door, Entry, FileDeed, Hour, Joining, Stage } from '#rehearsal/play/door.js';
import type { Asked } from '#rehearsal/desk.js';
import { rehearse, type Rehearsal } from '#rehearsal/rehearse.js';
import { instantOf, rememberedDays, toolsFrom, type Days } from './tools.js';

const INSTALLATION = 'org_00000000000000000000000000';
const FIRST_KEY = 'key_00000000000000000000000000';
const MEDIA_TYPE = 'text/plain';

/** A door into a world in memory: the same rules and the same processes, without servers. Whoever opens many lends all the same days. */
export class RehearsalDoor implements Door {
  private world: Rehearsal | undefined;
  private zone = 'UTC';
  private heard = 0;

  constructor(private readonly days: Days = rememberedDays()) {}

  async open({ starts, zone, seed, organisations }: Stage): Promise<readonly Id[]> {
    this.zone = zone;
    const key = { hash: '0'.repeat(64), shown: 'rehearsal', scopes: ['sandboxes:manage'], name: 'Rehearsal' };
    const days = { madeOn: starts, expiresOn: addMonths(starts, 12) };
    this.world = rehearse({
      tools: toolsFrom(seed, this.days),
      startsAt: instantOf(starts, 'office', zone, this.days),
      zone,
      past: [
        installationCreated(INSTALLATION, 'This installation', zone),
        firstKeyMade(FIRST_KEY, INSTALLATION, { ...key, ...days }),
      ],
    });
    await this.news();
    const made: Id[] = [];
    for (const [place, { name, side }] of organisations.entries()) {
      const accredited = side === 'certificationBody' ? { accredited: true } : {};
      const input = { name, side, mode: 'sandbox', zone, ...accredited };
      made.push(
        await this.administer(`organisation-${String(place + 1)}`, { type: 'createOrganisation', input }),
      );
    }
    return made;
  }

  async join({ key, organisation, name, mail, roles, from, sameHumanAs }: Joining): Promise<Id> {
    const input = { name, mail, roles, from, ...(sameHumanAs === undefined ? {} : { sameHumanAs }) };
    const person = await this.administer(key, { type: 'invitePerson', under: organisation, input });
    await this.execute({ type: 'acceptInvitation', stream: person, input: {} }, person, `${key}-accepted`);
    return person;
  }

  async file({ key, by, programme, name, content, kind, datedOn, approvedBy }: FileDeed): Promise<Id> {
    const approved = approvedBy === undefined ? {} : { approvedBy };
    const input = {
      sha256: hash('sha256', content),
      bytes: Buffer.byteLength(content),
      type: MEDIA_TYPE,
      documentKind: kindOf(kind),
      title: name,
      datedOn,
      ...approved,
    };
    const answer = await this.execute({ type: 'recordEvidence', under: programme, input }, by, key);
    return idOf(answer);
  }

  async act({ key, by, command, target, under, input, evidence, ...rest }: Deed): Promise<Answer> {
    const { reason, effectiveOn, signedBy, acknowledge } = rest;
    const asked: Asked = {
      type: command,
      input,
      evidence: evidence.map((id) => this.evidenceOf(id)),
      acknowledge,
      ...(target === undefined ? {} : { stream: target }),
      ...(under === undefined ? {} : { under }),
      ...(reason === undefined ? {} : { reason }),
      ...(effectiveOn === undefined ? {} : { effectiveOn }),
      ...(signedBy === undefined ? {} : { signedBy }),
    };
    return this.execute(asked, by, key);
  }

  async advance(to: CivilDate, hour: Hour): Promise<void> {
    await this.stands().advance(instantOf(to, hour, this.zone, this.days));
  }

  /** In memory a call answers when all is settled. */
  settle(): Promise<void> {
    return Promise.resolve();
  }

  news(): Promise<readonly Entry[]> {
    const all = this.stands().entries;
    const fresh = all.slice(this.heard);
    this.heard = all.length;
    return Promise.resolve(fresh);
  }

  private async administer(key: string, asked: Asked): Promise<Id> {
    return idOf(await this.execute(asked, FIRST_KEY, key));
  }

  private async execute(asked: Asked, principal: Id, key: string): Promise<Answer> {
    const world = this.stands();
    const organisation = world.thing(principal)?.thing.organisation ?? '';
    const answer = await world.execute(asked, { principal, organisation, route: asked.type, key });
    if ('refused' in answer) return answer;
    const { thing } = answer.thing;
    const awaiting = thing.awaited?.command === asked.type ? thing.awaited.awaits : [];
    return { thing: thing.id, stage: thing.stage, warnings: answer.warnings, awaiting };
  }

  private evidenceOf(id: Id): EvidenceRef {
    const thing = this.stands().thing(id)?.thing;
    if (!thing || !evidenceMachine.is(thing)) throw new RangeError(`there is no evidence ${id}`);
    const { sha256, bytes, type } = thing;
    return { sha256, bytes, type };
  }

  private stands(): Rehearsal {
    if (!this.world) throw new Error('the world has not been opened');
    return this.world;
  }
}

function idOf(answer: Answer): Id {
  if ('refused' in answer)
    throw new Error(answer.refused.map(({ code, message }) => `${code}: ${message}`).join('; '));
  return answer.thing;
}

function kindOf(word: string): EvidenceKind {
  const kind = evidenceKinds.find((one) => one === word);
  if (!kind) throw new RangeError(`${word} is no kind of evidence`);
  return kind;
}

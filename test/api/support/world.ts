import { findings } from '#contract/routes/findings.js';
import { programmes } from '#contract/routes/programmes.js';
import { sandboxes } from '#contract/routes/sandboxes.js';
import type { Id, Role } from '#domain/actor.js';
import { civilDate } from '#domain/instant.js';
import type { ApiDoor } from './door.js';
import { join, type Somebody } from './people.js';

/** A client and a certification body on a sandbox clock, with the people whom a spec asks for. */
export class SmallWorld {
  private made = 0;

  private constructor(
    private readonly door: ApiDoor,
    readonly sandbox: Id,
    readonly client: Id,
    readonly body: Id,
  ) {}

  static async make(door: ApiDoor, name = 'small-world'): Promise<SmallWorld> {
    const begun = { name, startsAt: '2029-03-01T08:00:00Z', zone: 'Europe/Vienna', seed: 42 };
    const { id, organisations } = await door.as().call(sandboxes.create, { key: name, body: begun });
    const of = (side: string): Id => organisations.find((one) => one.side === side)?.id ?? '';
    return new SmallWorld(door, id, of('client'), of('certificationBody'));
  }

  /** Somebody of the client or of the body, who has joined. */
  person(side: 'client' | 'body', ...roles: Role[]): Promise<Somebody> {
    this.made += 1;
    const name = `Person ${String(this.made)}`;
    const mail = `person${String(this.made)}@example.org`;
    const visit = roles.includes('observer') ? { until: civilDate('2030-01-31') } : {};
    return join(this.door, this.sandbox, { organisation: this[side], name, mail, roles, ...visit });
  }

  /** A programme of the client, opened by its AIMS manager. */
  async programme({ token }: Somebody, key = 'programme'): Promise<Id> {
    const body = { governingZone: 'Europe/Vienna' };
    return (await this.door.as(token).call(programmes.commands.openProgramme, { key, body })).id;
  }

  /** A finding of the client's own, drafted by an internal auditor. */
  async finding({ token }: Somebody, under: Id, key = 'finding'): Promise<Id> {
    const body = { under, source: 'internalAudit' as const };
    return (await this.door.as(token).call(findings.commands.draftFinding, { key, body })).id;
  }
}

/** What it takes to raise a finding. */
export const raised = {
  grade: 'minor' as const,
  requirement: '8.4',
  statement: 'No impact assessment of the assistant was kept.',
  objectiveEvidence: 'Register of 12 March, entry 4',
  gradeReason: 'One system of five',
};

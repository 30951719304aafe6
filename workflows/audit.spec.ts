import {
  audits,
  people,
  prepared,
  stage1Held,
  stage2Held,
  stage2Reported,
  team,
} from '#domain/audit/specification.js';
import { readinessEvidence } from '#domain/audit/foundation.js';
import type { Id } from '#domain/actor.js';
import { civilDate, instant } from '#domain/instant.js';
import type { Event } from '#domain/machine.js';
import { body, client, fact, type Deed } from '#domain/specification.js';
import type { Task } from '#domain/task/facts.js';
import { taskMachine } from '#domain/task/task.js';
import { rehearse, type Rehearsal } from '#rehearsal/rehearse.js';
import { instantOf, toolsFrom } from '../apps/cli/journey/tools.js';

const ZONE = 'Europe/Berlin';
const opens = { organisation: body, programme: 'prg_1' };

const organisation = (stream: Id, side: string): Event =>
  fact({
    ...{ kind: 'organisation', type: 'organisation.created', stream, opens: { organisation: stream } },
    data: { side, mode: 'sandbox', zone: ZONE, accredited: true },
  });

const account = ({ id, organisation: home, grants }: (typeof people)['pia']): readonly Event[] => [
  fact({
    ...{ kind: 'person', type: 'person.invited', stream: id, opens: { organisation: home } },
    data: { human: id, mode: 'sandbox' },
  }),
  fact({ kind: 'person', type: 'person.joined', stream: id }),
  ...grants.map((grant) => fact({ kind: 'person', type: 'role.granted', stream: id, data: grant })),
];

const competence = (about: Id, of: string, areas: readonly string[]): readonly Event[] => [
  fact({
    ...{ kind: 'competence', type: 'competence.proposed', stream: `cpt_${about}` },
    ...{ data: { of }, opens: { organisation: body, about } },
  }),
  fact({
    ...{ kind: 'competence', type: 'competence.qualified', stream: `cpt_${about}` },
    data: { areas, until: civilDate('2035-01-01') },
  }),
];

const document = (documentKind: string): Event =>
  fact({
    ...{ kind: 'evidence', type: 'evidence.recorded', stream: `evd_${documentKind}`, opens },
    data: {
      documentKind,
      datedOn: '2026-12-01',
      approvedBy: people.ana.id,
      sha256: '',
      bytes: 1,
      type: 'text/plain',
    },
  });

const programme = (type: string, data: object = {}): Event =>
  fact({ kind: 'programme', type, stream: 'prg_1', data, opens: { organisation: client } });

const past: readonly Event[] = [
  organisation(client, 'client'),
  organisation(body, 'certificationBody'),
  ...Object.values(people).flatMap(account),
  programme('programme.opened', { client, certificationBody: body, governingZone: ZONE }),
  programme('application.submitted', {
    sites: [{ key: 'head', people: 9, central: true }],
    governingZone: ZONE,
  }),
  programme('audit-programme.approved', { audits: [] }),
  fact({
    kind: 'audit-time',
    type: 'audit-time.calculated',
    stream: 'atm_1',
    opens,
    data: { factors: [], justified: [], initialHalfDays: 16 },
  }),
  fact({ kind: 'audit-time', type: 'audit-time.approved', stream: 'atm_1' }),
  ...competence(people.lea.id, 'audit', ['aims', 'ai-technology']),
  ...competence(people.aud.id, 'audit', ['aims', 'sector-services']),
  ...competence(people.tex.id, 'technicalExpert', ['ai-technology']),
  ...readinessEvidence.map(document),
];

/** A rehearsal in which the deeds of specifications are done on their days; audits have the ids that they are given. */
class Audited {
  readonly world: Rehearsal = rehearse({
    ...{ tools: toolsFrom('an audit'), startsAt: instant('2026-12-01T08:00:00.000Z'), zone: ZONE, past },
  });
  private readonly ids = new Map<Id, Id>();

  id(name: Id): Id {
    return this.ids.get(name) ?? name;
  }

  async plays(...deeds: readonly Deed[]): Promise<void> {
    for (const { command, actor, on } of deeds) {
      await this.until(on);
      const { stream: _, ...asked } = { ...command, stream: this.id(command.stream) };
      const making = command.type === 'openAudit';
      const caller = { principal: actor.id, organisation: actor.organisation, route: command.type };
      const key = `${command.stream} ${actor.id} ${on}`;
      const answer = await this.world.execute(
        making ? asked : { ...asked, stream: this.id(command.stream) },
        { ...caller, key },
      );
      if ('refused' in answer) throw new Error(`${command.type}: ${JSON.stringify(answer.refused)}`);
      if (making) this.ids.set(command.stream, answer.thing.thing.id);
    }
  }

  until(day: string): Promise<void> {
    return this.world.advance(instantOf(civilDate(day), 'office', ZONE));
  }

  /** The tasks about an audit, by what they ask. */
  tasks(audit: Id, stage: string): readonly string[] {
    return this.world
      .things('task')
      .map(({ thing }) => thing)
      .filter((thing): thing is Task => taskMachine.is(thing) && thing.about === this.id(audit))
      .filter((task) => task.stage === stage)
      .map(({ asks, of }) => (of ? `${asks} of ${of}` : asks))
      .sort();
  }
}

test('each member is asked for a declaration, the client for its consent, the body to confirm', async () => {
  const audit = new Audited();
  const deeds = prepared('stage1', '2027-02-09', '2027-02-10');
  await audit.plays(...deeds.slice(0, 2));
  const declarations = team.map(({ person }) => `declareConflicts of ${person}`);
  expect(audit.tasks(audits.stage1, 'open')).toEqual(['acceptTeam', ...declarations].sort());
  await audit.plays(...deeds.slice(2, 3));
  expect(audit.tasks(audits.stage1, 'open')).toEqual(['acceptTeam', ...declarations.slice(1)].sort());
  await audit.plays(...deeds.slice(3, 6));
  expect(audit.tasks(audits.stage1, 'open')).toEqual(['confirmTeam']);
});

test('silence of the client is recorded when the time to object is over, and a person is asked to confirm (I-16)', async () => {
  const audit = new Audited();
  await audit.plays(...prepared('stage1', '2027-02-09', '2027-02-10').slice(0, 5));
  await audit.until('2027-01-07');
  expect(audit.tasks(audits.stage1, 'open')).toEqual(['acceptTeam']);
  await audit.until('2027-01-08');
  expect(audit.tasks(audits.stage1, 'open')).toEqual(['acceptTeam', 'confirmTeam']);
});

test('both stages run from their opening to the recommendation, and nothing that is asked stays behind', async () => {
  const audit = new Audited();
  await audit.plays(...stage1Held());
  expect(audit.tasks(audits.stage1, 'open')).toEqual([]);
  await audit.plays(...stage2Held());
  expect(audit.tasks(audits.stage1, 'open')).toEqual(['closeAudit']);
  await audit.plays(...stage2Reported());
  expect(audit.tasks(audits.stage2, 'open')).toEqual([`recommend of ${people.lea.id}`]);
  expect(audit.tasks(audits.stage2, 'withdrawn')).toEqual([]);
});

test('the judgement on the validity of Stage 1 is asked for when it is due, and reminded of before', async () => {
  const audit = new Audited();
  await audit.plays(...stage1Held());
  await audit.until('2027-08-10');
  expect(audit.tasks(audits.stage1, 'open')).toEqual([]);
  await audit.until('2027-08-11');
  expect(audit.tasks(audits.stage1, 'open')).toEqual(['confirmStage1Validity']);
  const reminders = audit.world.entries
    .filter(({ kind }) => kind === 'notice')
    .map(({ fact: { command } }) => command)
    .filter((key) => key.includes('/remind/validity-review/'));
  expect(reminders.map((key) => key.split('/').at(-1))).toEqual([
    ...['60-days-before', '30-days-before', '14-days-before', '7-days-before', '3-days-before'],
    ...['1-days-before', 'on-the-day', '1-days-overdue'],
  ]);
});

test('runs that are ended and started again leave the same facts', async () => {
  const lines = (audit: Audited) =>
    audit.world.entries.map(({ fact: { command, type } }) => `${type} ${command}`);
  const undisturbed = new Audited();
  await undisturbed.plays(...stage1Held(), ...stage2Held());
  const restarted = new Audited();
  for (const deed of [...stage1Held(), ...stage2Held()]) {
    await restarted.plays(deed);
    await restarted.world.restart();
  }
  expect(lines(restarted)).toEqual(lines(undisturbed));
});

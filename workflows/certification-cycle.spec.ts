import type { Command } from '#domain/act.js';
import type { Actor, Role } from '#domain/actor.js';
import { civilDate, type CivilDate } from '#domain/instant.js';
import { people, steps } from '#domain/programme/scene.js';
import { body, client, command } from '#domain/specification.js';
import { taskMachine } from '#domain/task/task.js';
import { instantOf } from '../apps/cli/journey/tools.js';
import { Rehearsed } from '../test/support/rehearsal.js';

const PRG = 'prg_1';
const ZONE = 'Europe/Vienna';
const { manager, top, programme, scheme, signatory } = people;

/** Client and body with their people, and a programme that has been opened. */
class Cycle {
  readonly floor = new Rehearsed();
  private calls = 0;

  async begin(): Promise<this> {
    await this.organisation(client, 'client');
    await this.organisation(body, 'certificationBody');
    for (const actor of Object.values(people)) await this.joins(actor);
    await this.does(
      programme,
      command('proposeCandidate', 'cpt_1', { of: 'applicationReview' }, { under: programme.id }),
    );
    await this.does(scheme, command('qualifyPerson', 'cpt_1', { areas: ['aims'], until: '2060-12-31' }));
    await this.does(manager, steps.open);
    return this;
  }

  async does({ id, organisation }: Actor, asked: Command): Promise<void> {
    this.calls += 1;
    await this.floor.does(asked, { principal: id, organisation, key: String(this.calls) });
  }

  /** As far as an issued proposal. */
  async proposed(): Promise<this> {
    await this.does(manager, steps.apply);
    await this.does(top, steps.apply);
    await this.does(programme, steps.startReview);
    const inputs = { table: 'demonstration', people: { fullTime: 12 }, aiRoles: 'several' };
    await this.does(programme, command('enterAuditTimeInputs', 'tim_1', inputs, { under: PRG }));
    await this.does(programme, command('calculateAuditTime', 'tim_1', { factors: [] }));
    await this.does(programme, command('approveAuditTime', 'tim_1'));
    await this.does(programme, steps.accept);
    return this;
  }

  async initial(): Promise<this> {
    await this.does(top, steps.sign);
    await this.does(signatory, steps.sign);
    await this.does(programme, steps.approve);
    return this;
  }

  async on(day: CivilDate): Promise<void> {
    await this.floor.world.advance(instantOf(day, 'office', ZONE));
  }

  /** What is asked of people, in the order in which it was asked, and how it stands. */
  get tasks(): readonly string[] {
    return this.floor.world.entries
      .filter(({ fact }) => fact.type === 'task.opened')
      .map(({ fact }) => this.floor.world.thing(fact.stream)?.thing)
      .filter((thing) => thing !== undefined)
      .filter(taskMachine.is)
      .map(({ queue, asks, stage }) => `${queue} ${asks} ${stage}`);
  }

  get reminders(): readonly string[] {
    return this.floor.world.entries
      .filter(({ fact }) => fact.type.startsWith('notice.'))
      .map(({ fact }) => fact.command.split('/').slice(3).join(' '));
  }

  get today(): string {
    return this.floor.world.now.slice(0, 10);
  }

  private async organisation(id: string, side: string): Promise<void> {
    const input = { name: id, side, mode: 'sandbox', zone: ZONE, accredited: true };
    await this.floor.does({ type: 'createOrganisation', stream: id, input }, { key: id });
  }

  private async joins({ id, organisation, grants }: Actor): Promise<void> {
    const roles: readonly Role[] = grants.map(({ role }) => role);
    const input = { name: id, mail: `${id}@example.org`, roles };
    await this.floor.does({ type: 'invitePerson', stream: id, under: organisation, input }, { key: id });
  }
}

const days = (from: string, count: number): CivilDate =>
  civilDate(new Date(Date.parse(`${from}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10));

test('each stage asks the next thing of whom it concerns, and no task outlives its stage', async () => {
  const cycle = await (await new Cycle().begin()).proposed();
  await cycle.initial();
  expect(cycle.tasks).toEqual([
    'top-management signCharter open',
    'top-management submitApplication done',
    'programme-manager startApplicationReview done',
    'programme-manager acceptApplication done',
    'top-management signAgreement done',
    'signatory signAgreement done',
    'programme-manager approveAuditProgramme done',
  ]);
});

/** The sixtieth day is a Monday: the reminder of the day before rolls to it, and the two go out as one. */
test('a proposal that nobody signs is reminded of, lapses, and is asked to be issued again', async () => {
  const cycle = await (await new Cycle().begin()).proposed();
  await cycle.on(days(cycle.today, 66));
  expect(cycle.reminders.slice(0, 4)).toEqual([
    'proposal-1 14-days-before',
    'proposal-1 7-days-before',
    'proposal-1 3-days-before',
    'proposal-1 on-the-day',
  ]);
  expect(cycle.tasks).toContain('programme-manager reissueProposal open');
  await cycle.does(programme, command('reissueProposal', PRG));
  expect(cycle.tasks).toContain('programme-manager reissueProposal done');
  expect(cycle.reminders.at(-1)).toBe('proposal-1 withdrawn');
});

test('each question to the client and each change is asked once, whatever the runs go through', async () => {
  const cycle = await (await new Cycle().begin()).proposed();
  await cycle.initial();
  const change = { change: 'aiSystem', tookEffectOn: cycle.today, description: 'a new model' };
  await cycle.does(manager, command('giveChangeNotice', PRG, change));
  await cycle.floor.world.restart();
  await cycle.does(manager, command('giveChangeNotice', PRG, change));
  const asked = () => cycle.tasks.filter((task) => task.includes('decideOnChangeNotice'));
  expect(asked()).toEqual(['programme-manager decideOnChangeNotice open']);
  const decide = (notice: string) =>
    command('decideOnChangeNotice', PRG, { notice, consequence: 'none', repeatStage1: false });
  await cycle.does(programme, decide('change-1'));
  expect(asked()).toEqual([
    'programme-manager decideOnChangeNotice done',
    'programme-manager decideOnChangeNotice open',
  ]);
  await cycle.does(programme, decide('change-2'));
  expect(asked().filter((task) => task.endsWith('open'))).toEqual([]);
});

test('a first decision that does not come is reminded of from half a year before, also while on hold (I-13)', async () => {
  const cycle = await (await new Cycle().begin()).proposed();
  await cycle.initial();
  const begun = cycle.today;
  await cycle.does(programme, command('holdProgramme', PRG, {}, { reason: 'asked by the client' }));
  await cycle.on(days(begun, 250));
  expect(cycle.reminders).toEqual(['first-decision 180-days-before', 'first-decision 120-days-before']);
  await cycle.does(programme, command('resumeProgramme', PRG));
  await cycle.on(days(begun, 280));
  expect(cycle.reminders.at(-1)).toBe('first-decision 90-days-before');
});

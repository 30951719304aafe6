import type { Id } from '#domain/actor.js';
import { D, dea, dirk, dom } from '#domain/decision/scene.js';
import { civilDate, instant } from '#domain/instant.js';
import type { Event } from '#domain/machine.js';
import { body, client, fact } from '#domain/specification.js';
import type { Task } from '#domain/task/facts.js';
import { taskMachine } from '#domain/task/task.js';
import { rehearse, type Rehearsal } from '#rehearsal/rehearse.js';
import { toolsFrom } from '../apps/cli/journey/tools.js';

const ZONE = 'Europe/Berlin';

const organisation = (stream: Id, side: string): Event =>
  fact({
    ...{ kind: 'organisation', type: 'organisation.created', stream, opens: { organisation: stream } },
    data: { side, mode: 'sandbox', zone: ZONE, accredited: true },
  });

const account = ({ id, organisation: home, grants }: typeof dom): readonly Event[] => [
  fact({
    ...{ kind: 'person', type: 'person.invited', stream: id, opens: { organisation: home } },
    data: { human: id, mode: 'sandbox' },
  }),
  fact({ kind: 'person', type: 'person.joined', stream: id }),
  ...grants.map((grant) => fact({ kind: 'person', type: 'role.granted', stream: id, data: grant })),
  fact({
    ...{ kind: 'competence', type: 'competence.proposed', stream: `cpt_${id}` },
    ...{ data: { of: 'decision' }, opens: { organisation: body, about: id } },
  }),
  fact({
    ...{ kind: 'competence', type: 'competence.qualified', stream: `cpt_${id}` },
    data: { areas: ['aims'], until: civilDate('2035-01-01') },
  }),
];

const dossier = (type: string, data: object): Event => fact({ kind: 'dossier', type, stream: D, data });

/** A dossier that is complete, with these to decide on it. */
const past = (...makers: readonly Id[]): readonly Event[] => [
  organisation(client, 'client'),
  organisation(body, 'certificationBody'),
  ...[dom, dea, dirk].flatMap(account),
  fact({
    ...{ kind: 'programme', type: 'programme.opened', stream: 'prg_1', opens: { organisation: client } },
    data: { client, certificationBody: body, governingZone: ZONE },
  }),
  fact({ kind: 'programme', type: 'audit-programme.approved', stream: 'prg_1', data: { audits: [] } }),
  fact({
    ...{
      kind: 'dossier',
      type: 'dossier.opened',
      stream: D,
      opens: { organisation: body, programme: 'prg_1' },
    },
    data: { proposes: 'refuse', audits: ['aud_1'] },
  }),
  dossier('dossier.completed', {
    on: '2029-03-01',
    due: { date: '2029-03-29', kind: 'soft', rule: 'R-DEC-8', basis: [] },
  }),
  ...makers.map((person) => dossier('decision-maker.assigned', { person })),
];

/** A rehearsal of one decision. */
class Review {
  readonly world: Rehearsal;

  constructor(...makers: readonly Id[]) {
    const startsAt = instant('2029-03-01T08:00:00.000Z');
    this.world = rehearse({ tools: toolsFrom('a review'), startsAt, zone: ZONE, past: past(...makers) });
  }

  async does(who: typeof dom, type: string, input: object = {}, reason?: string): Promise<void> {
    const key = `${type} ${who.id} ${String(this.world.entries.length)}`;
    const asked = { type, stream: D, input, ...(reason === undefined ? {} : { reason }) };
    const caller = { principal: who.id, organisation: body, route: type, key };
    const answer = await this.world.execute(asked, caller);
    if ('refused' in answer) throw new Error(`${type}: ${JSON.stringify(answer.refused)}`);
  }

  /** What is asked of whom, of the tasks in a stage; of all, or of those that ask one thing. */
  tasks(stage: string, asked?: string): readonly string[] {
    return this.world
      .things('task')
      .map(({ thing }) => thing)
      .filter((thing): thing is Task => taskMachine.is(thing) && thing.stage === stage)
      .filter(({ asks }) => asked === undefined || asks === asked)
      .map(({ asks, of }) => (of ? `${asks} of ${of}` : asks))
      .sort();
  }
}

const votesOf = (...people: readonly (typeof dom)[]) => people.map(({ id }) => `castVote of ${id}`).sort();

test('of a committee of three each is asked to vote; two votes for one decision, and it is asked for (I-30)', async () => {
  const review = new Review(dom.id, dea.id, dirk.id);
  await review.world.restart();
  await review.does(dom, 'startReview', { freeOfConflicts: true });
  expect(review.tasks('open')).toEqual(votesOf(dom, dea, dirk));
  await review.does(dom, 'castVote', { vote: 'refuse' });
  await review.does(dea, 'castVote', { vote: 'abstain', freeOfConflicts: true });
  expect(review.tasks('open')).toEqual(votesOf(dirk));
  await review.does(dea, 'castVote', { vote: 'refuse', freeOfConflicts: true });
  expect(review.tasks('open')).toEqual([...votesOf(dirk), 'decide'].sort());
  await review.does(dom, 'decide', { decision: 'refuse' }, 'Nothing was shown.');
  expect(review.tasks('withdrawn', 'castVote')).toEqual(votesOf(dirk));
  expect(review.tasks('open')).toEqual(['notifyDecision']);
});

test('when information was supplied the members are asked again, and their votes stand until they change them (I-30)', async () => {
  const review = new Review(dom.id, dea.id, dirk.id);
  await review.world.restart();
  await review.does(dom, 'startReview', { freeOfConflicts: true });
  await review.does(dom, 'castVote', { vote: 'refuse' });
  await review.does(dea, 'askForInformation', { question: 'Was the remote site seen?' });
  expect(review.tasks('withdrawn', 'castVote')).toEqual(votesOf(dea, dirk));
  expect(review.tasks('open')).toEqual(['supplyInformation']);
});

test('one decision maker alone is asked to decide, and nobody to vote', async () => {
  const review = new Review(dom.id);
  await review.world.restart();
  await review.does(dom, 'startReview', { freeOfConflicts: true });
  expect(review.tasks('open')).toEqual(['decide']);
});

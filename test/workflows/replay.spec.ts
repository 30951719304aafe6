import { readFileSync } from 'node:fs';
import { makeLog } from '#platform/log.js';
import { connectTemporal } from '#platform/temporal-client.js';
import { processes } from '#workflows/processes.js';
import { installLog } from '../../apps/worker/workers.js';
import { record } from '../support/histories-recorder.js';
import { misfits, recordedOf, stagesIn, type Recorded } from '../support/histories.js';
import { Installation } from '../support/live.js';
import { freshNamespace } from '../support/temporal.js';
import { bundled, startWorker, type PlantedChange } from '../support/worker.js';

const LEAST = 120;

const names = Object.keys(processes);
const all = (): readonly Recorded[] => names.flatMap((name) => recordedOf(name)); // some may only just have been made

beforeAll(() => {
  installLog(makeLog('replay', 'silent'));
});

/** `RECORD_HISTORIES=yes npm test -- test/workflows/replay.spec.ts` adds what is missing; what is there stays as it is. */
if (process.env['RECORD_HISTORIES'] === 'yes')
  test('every scenario is played, and its histories are kept', async () => {
    const installation = await Installation.make();
    const temporal = await freshNamespace();
    await startWorker({ database: installation.database, temporal });
    const client = await connectTemporal(temporal, 10_000);
    await record(installation, client);
    await client.connection.close();
    await installation.end();
  }, 3_600_000);

test('[R8] the recorded histories of every process replay under the code as it is now', async () => {
  expect(all().length).toBeGreaterThanOrEqual(LEAST);
  const code = readFileSync(await bundled(), 'utf8');
  expect(await misfits(code, all())).toEqual({});
}, 900_000);

test.each(names)(
  '[R8] histories lead through every stage of which the process %s makes something',
  (name) => {
    const stages = new Set(recordedOf(name).flatMap((one) => [...stagesIn(one)]));
    const { machine, stages: lived } = processes[name] ?? { machine: { ends: [] }, stages: {} };
    const expected = [...Object.keys(lived), ...machine.ends.filter((end) => !unreached.includes(end))];
    expect(expected.filter((stage) => !stages.has(stage))).toEqual([]);
  },
);

/** A notice that is withdrawn was never under way; for one that is late a worker was away for days, for one that failed a mail server. */
const unreached = ['withdrawn', 'late', 'failed'];

/** A change of the code, and the histories that it concerns. */
interface Mutant extends PlantedChange {
  readonly what: string;
  readonly among: (one: Recorded) => boolean;
}

const of = (process: string) => (one: Recorded) => one.process === process;
/** By the order of events; or by the key of a step, to which another one's answer came back. */
const MISFIT = /nondeterminism error|asked for the step .*; the history of this run answers another one/;

/** Those of one bundle concern different histories, so that each is caught for itself. */
const mutants: readonly (readonly Mutant[])[] = [
  [
    {
      ...{ what: 'two steps of a stage change places', among: of('audit'), file: 'audit.ts' },
      from: `await askForDeclarations(p);
      await p.once('ask-for-acceptance', ask('aims-manager', 'acceptTeam', window?.date));`,
      to: `await p.once('ask-for-acceptance', ask('aims-manager', 'acceptTeam', window?.date));
      await askForDeclarations(p);`,
    },
    {
      ...{ what: 'a step is left out', among: of('decision'), file: 'decision.ts' },
      from: `await p.once('ask-for-decision', ask(dossier, 'decision-maker', 'decide'));
      p.remind();`,
      to: 'p.remind();',
    },
    {
      ...{ what: 'a step is called otherwise', file: 'corrective-action.ts' },
      among: ({ process, name }) => process === 'corrective-action' && name.includes('disputed'),
      from: "'ask-to-settle-the-dispute'",
      to: "'ask-for-a-word-on-the-dispute'",
    },
    {
      ...{ what: 'a wait of a stage is left out', among: of('certificate') },
      file: 'certificate.ts',
      from: "await p.until({ on: window.date, because: 'the last day of the restoration window' });",
      to: '',
    },
    {
      ...{ what: 'a series of reminders is left out', among: of('certification-cycle') },
      file: 'certification-cycle.ts',
      from: `p.remind(firstDecisionKey(programme));
      await askForConsequences(p);`,
      to: 'await askForConsequences(p);',
    },
    {
      ...{ what: 'an activity is left out', among: of('notice'), file: 'temporal.ts' },
      from: 'await mail.deliverNotice(partsOf(this.id).subject)',
      to: "{ through: 'catcher' }",
    },
    {
      ...{ what: 'a run goes on as a new one earlier', file: 'temporal.ts' },
      among: ({ process, name }) =>
        process === 'corrective-action' && name.includes('plan-45') && !name.includes('disputed'),
      from: 'FULL_AT_EVENTS = 400',
      to: 'FULL_AT_EVENTS = 250',
    },
  ],
  [
    {
      ...{ what: 'what operators read of a stage is left out', file: 'temporal.ts' },
      among: ({ process, name }) => process === 'audit' && !name.startsWith('real-clock'),
      from: 'if (details === this.shown) return;',
      to: 'if (details.length > 0) return;',
    },
    {
      ...{ what: 'a timer is left out on a real clock', file: 'temporal.ts' },
      among: ({ name }) => name.startsWith('real-clock'),
      from: 'await condition(woken, wait, { summary: reasonOf(standing) })',
      to: 'await condition(woken).then(() => true)',
    },
  ],
  [
    {
      ...{ what: 'an activity takes the place of another', among: of('decision') },
      file: 'temporal.ts',
      from: 'ledger.parkProcess(this.id, items, seen)',
      to: 'ledger.readLedger(this.id, seen)',
    },
  ],
];

test.each(mutants.flatMap((bundle) => bundle.map((mutant) => ({ bundle, mutant, what: mutant.what }))))(
  '[R8] a change is caught: $what',
  async ({ bundle, mutant }) => {
    const code = readFileSync(await bundled(...bundle), 'utf8');
    const caught = Object.values(await misfits(code, all().filter(mutant.among)));
    expect(caught.length).toBeGreaterThan(0);
    for (const { message } of caught) expect(message).toMatch(MISFIT);
  },
  600_000,
);

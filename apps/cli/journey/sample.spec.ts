import { readFileSync } from 'node:fs';
import { bodyRoles } from '#domain/actor.js';
import { compare } from '#rehearsal/play/ledgers.js';
import { play, type Performance } from '#rehearsal/play/player.js';
import type { Script } from '#rehearsal/play/script.js';
import { summaryOf } from '#rehearsal/play/summary.js';
import { inputCheck } from './inputs.js';
import { RehearsalDoor } from './rehearsal-door.js';
import { reportOf } from './report.js';
import { readScript } from './script-file.js';
import { Timeline } from './timeline.js';

const assistant = 'samples/customer-chat-assistant.yaml';
const forecast = 'samples/pump-failure-forecast.yaml';

function sample(change: (text: string) => string = (text) => text, path = assistant): Script {
  const read = readScript(change(readFileSync(path, 'utf8')), inputCheck);
  if (!('script' in read)) throw new Error(JSON.stringify(read.mistakes, null, 1));
  return read.script;
}

const rehearsed = (script: Script): Promise<Performance> => play(script, new RehearsalDoor());

test('the customer chat assistant is certified, watched for three years and renewed, and everything that its file expects holds', async () => {
  const script = sample();
  const timeline = new Timeline(script, false);
  const lines: string[] = [];
  const performed = await play(script, new RehearsalDoor(), (told, story) =>
    lines.push(timeline.line(told, story)),
  );
  expect(performed.unmet).toEqual([]);
  expect(
    lines.some((line) => line.endsWith('• Dario Quill (decision-maker): decide dossier → decided')),
  ).toBe(true);
  expect(
    lines.some((line) =>
      line.includes('minor, plan-1 · 7-days-overdue · to process-owner, aims-manager, top-management'),
    ),
  ).toBe(true);
  expect(reportOf(summaryOf(performed), 0)).toContain('  Everything that the file expects held.');
});

test('the forecast of pump failures is certified by a body that is a record, with people who are late, and renewed', async () => {
  const { story, unmet } = await rehearsed(sample(undefined, forecast));
  expect(unmet).toEqual([]);
  const factsOf = (type: string) => story.entries.map(({ fact }) => fact).filter((one) => one.type === type);
  expect(factsOf('decision.made')).toMatchObject([
    {
      actor: { role: 'aims-manager' },
      mirrored: { departures: [{ code: 'minor-plan-not-accepted', rules: ['R-DEC-2'] }] },
    },
    { actor: { role: 'aims-manager' }, mirrored: {} },
  ]);
  expect(factsOf('progress-review.missed')).toHaveLength(7);
  expect(factsOf('surveillance.deviation-recorded')).toHaveLength(1);
  // Where the body has nobody here, nobody of it is asked for anything.
  const asked = factsOf('task.opened').map(({ data }) => data);
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((one) => 'queue' in one && bodyRoles.some((role) => role === one.queue))).toEqual([]);
});

test('approval of one’s own work, a decision by an auditor of the same audit, and a grant with an open major are refused', async () => {
  const { refusals, certificate } = summaryOf(await rehearsed(sample()));
  const met = refusals.map(({ who, command, code, rules }) => [who, command, code, rules[0]]);
  expect(met).toEqual(
    expect.arrayContaining([
      ['ines', 'acceptPlan', 'separation-of-duties', 'SOD-7'],
      ['greta', 'assignDecisionMaker', 'separation-of-duties', 'SOD-1'],
      ['omar', 'decide', 'separation-of-duties', 'SOD-1'],
      ['dario', 'decide', 'major-not-verified', 'R-DEC-2'],
      ['lena', 'startAudit', 'wrong-state', 'INV-7'],
    ]),
  );
  expect(certificate).toMatchObject({ number: 'C-2027-0001', stage: 'active', expires: '2033-07-18' });
});

test('the same script gives the same ledger, whatever the seed', async () => {
  const [first, again, other] = [
    await rehearsed(sample()),
    await rehearsed(sample()),
    await rehearsed(sample((text) => text.replace('seed: 42', 'seed: 7'))),
  ];
  expect(JSON.stringify(again.story.entries)).toBe(JSON.stringify(first.story.entries));
  expect(JSON.stringify(other.story.entries)).not.toBe(JSON.stringify(first.story.entries));
  expect(compare(first.story.entries, other.story.entries)).toBeUndefined();
});

test('what does not come as expected is told with the line that expects it', async () => {
  const script = sample((text) =>
    text
      .replace('is: 2033-07-18', 'is: 2033-07-19')
      .replace('minor: effective', 'minor: closedVerified')
      .replace(
        'refused: { code: agreement-missing, rule: R-AGR-1 }',
        'refused: { code: agreement-missing, rule: R-AGR-2 }',
      ),
  );
  const { held, unmet } = summaryOf(await rehearsed(script));
  expect(held).toBe(false);
  expect(unmet.map(({ what, expected, found }) => [what, expected, found.split(' ')[0]])).toEqual([
    ['greta: openAudit on 2026-10-27', 'refused with agreement-missing (R-AGR-2)', 'refused:'],
    ['minor', 'closedVerified', 'effective'],
    ['expiry of certificate', '2033-07-19', '2033-07-18'],
  ]);
});

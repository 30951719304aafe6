import type { InputCheck } from './checks.js';
import type { Mistake } from './lines.js';
import { readScript } from './script-file.js';

const anything: InputCheck = () => [];

const head = `name: A finding of one's own
about: an invented organisation
zone: Europe/Berlin
starts: 2027-01-04
ends: 2027-06-30
organisations:
  wayfare: { name: Wayfare Parcels, side: client }
  oak: { name: Oak Assurance, side: certificationBody }
people:
  ines: { name: Ines Marlow, mail: ines@wayfare.example, of: wayfare, roles: [aims-manager] }
  pavel: { name: Pavel Orchard, mail: pavel@wayfare.example, of: wayfare, roles: [process-owner] }
`;

const good = `${head}acts:
  - { on: 2027-01-04, who: ines, does: draftFinding, makes: bias, with: { source: monitoring } }
  - { on: 2027-01-05, who: ines, does: raiseNonconformity, to: bias, with: { grade: minor } }
  - { on: 2027-01-12, who: pavel, does: submitPlan, to: bias, with: { owner: $pavel } }
expected:
  stages: { bias: raised }
`;

const mistakesIn = (text: string, inputs = anything): readonly Mistake[] => {
  const read = readScript(text, inputs);
  return 'mistakes' in read ? read.mistakes : [];
};

const linesOf = (mistakes: readonly Mistake[]): readonly number[] => mistakes.map(({ line }) => line);

test('a file without mistakes becomes a script whose acts know their lines', () => {
  const read = readScript(good, anything);
  if (!('script' in read)) throw new Error(JSON.stringify(read.mistakes));
  expect(read.script.acts.map(({ does, line }) => [does, line])).toEqual([
    ['draftFinding', 13],
    ['raiseNonconformity', 14],
    ['submitPlan', 15],
  ]);
  expect(read.script.expected.stages).toEqual([{ line: 17, thing: 'bias', stage: 'raised' }]);
});

test('unknown members and days that do not exist are told together, each with its line and what would be right', () => {
  const mistakes = mistakesIn(
    good
      .replace('starts: 2027-01-04', 'start: 2027-02-31')
      .replace('on: 2027-01-12', 'on: 2027-02-31')
      .replace('roles: [process-owner]', 'roles: [proces-owner]'),
  );
  expect(linesOf(mistakes)).toEqual([1, 4, 11, 15]);
  expect(mistakes.find(({ line }) => line === 4)?.wrong).toContain('did you mean starts?');
  expect(mistakes.find(({ line }) => line === 15)?.wrong).toContain('2027-02-31 is no day of the calendar');
  expect(mistakes.find(({ line }) => line === 11)?.wrong).toContain('proces-owner is no role');
});

test('unknown people, commands, things and stages are told together, with the nearest known word', () => {
  const mistakes = mistakesIn(
    good
      .replace('who: pavel', 'who: pawel')
      .replace('does: raiseNonconformity', 'does: raiseNonconformty')
      .replace('to: bias, with: { owner', 'to: bais, with: { owner')
      .replace('{ bias: raised }', '{ bias: rised }'),
  );
  expect(linesOf(mistakes)).toEqual([14, 15, 15, 17]);
  expect(mistakes.map(({ wrong }) => wrong)).toEqual([
    'there is no command raiseNonconformty; did you mean raiseNonconformity?',
    'there is no person pawel; did you mean pavel?',
    'there is no thing made before bais; did you mean bias?',
    'there is no stage rised; did you mean raised?',
  ]);
});

test('mistakes of shape and mistakes of meaning are told in one go', () => {
  const mistakes = mistakesIn(
    good
      .replace('roles: [process-owner]', 'roles: [process-owner], age: 40')
      .replace('who: ines, does: draftFinding', 'whom: ines, does: draftFinding')
      .replace('does: raiseNonconformity', 'does: raiseNonconformty')
      .replace('on: 2027-01-12, who: pavel', 'on: 2027-13-12, who: pawel'),
  );
  expect(mistakes.map(({ line, where }) => [line, where])).toEqual([
    [11, 'people pavel'],
    [13, 'acts 1. who'],
    [13, 'acts 1.'],
    [14, 'acts 2. does'],
    [15, 'acts 3. on'],
    [15, 'acts 3. who'],
  ]);
});

test('acts out of the order of their days, by people in other roles, and without a target are told', () => {
  const mistakes = mistakesIn(
    good
      .replace('on: 2027-01-05', 'on: 2027-01-03')
      .replace('who: ines, does: draftFinding', 'who: pavel, does: draftFinding')
      .replace('does: submitPlan, to: bias', 'does: submitPlan'),
  );
  expect(mistakes.map(({ line, wrong }) => [line, wrong])).toEqual([
    [
      13,
      'pavel is process-owner; draftFinding is for lead-auditor or auditor or internal-auditor or aims-manager',
    ],
    [14, '2027-01-03 lies before the act before it, of 2027-01-04; acts stand in the order of their days'],
    [15, 'submitPlan is done to a nonconformity: name it with to'],
  ]);
});

test('an input is checked with ids in place of names, and a fault is told at the line of its member', () => {
  const seen: unknown[] = [];
  const check: InputCheck = (command, input) => {
    seen.push(input);
    return command === 'submitPlan' ? [{ path: ['owner'], wrong: 'expected text' }] : [];
  };
  expect(mistakesIn(good, check)).toEqual([
    { line: 15, where: 'acts 3. with owner', wrong: 'expected text' },
  ]);
  expect(seen[2]).toEqual({ owner: 'per_01k9zq4v8e7m3x5t2c6b0n1r9s' });
  expect(mistakesIn(good.replace('$pavel', '$pawel'))[0]?.wrong).toBe(
    'there is no name pawel; did you mean pavel?',
  );
});

test('a file that is no YAML, or names a member twice, is told with its line', () => {
  expect(linesOf(mistakesIn(`${head}people: {}\nacts: []\n`))).toEqual([12]);
  expect(mistakesIn('a: [1').length).toBeGreaterThan(0);
});

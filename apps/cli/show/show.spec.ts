import { problemShape } from '#contract/problem.js';
import { problemLines } from './problem.js';
import { rowsOf } from './rows.js';
import { tableOf } from './table.js';
import { thingOf } from './thing.js';

const ID = 'fnd_01k9zq4v8e7m3x5t2c6b0n1r9s';

test('columns stand under each other, whatever the rows hold', () => {
  const lines = tableOf(['id', 'words'], [['a', 'x'], ['longer', ''], ['b']]);
  expect(lines).toEqual(['id      words', 'a       x', 'longer', 'b']);
});

test.each([20, 40, 60, 80, 120])('no line is longer than %d, and ids are whole or not there', (width) => {
  const rows = [
    [ID, 'raised', 'A statement that is quite long and goes on and on', '2029-03-01', 'x'.repeat(50)],
    [ID, 'planSubmitted', 'Short', '', 'y'],
  ];
  const lines = tableOf(['id', 'state', 'statement', 'due', 'more'], rows, width);
  const longest = Math.max(...lines.map((line) => line.length));
  expect(longest).toBeLessThanOrEqual(Math.max(width, ID.length));
  for (const line of lines.slice(1)) expect(line.startsWith(ID)).toBe(true);
  expect(lines.join(' ')).not.toMatch(/planSub…|2029-…/);
});

test('what is cut says so', () => {
  expect(tableOf(['statement'], [['A statement that is long']], 17)).toEqual([
    'statement',
    'A statement that…',
  ]);
});

test('a row shows what people look for; what moves a cursor or turns the writing does not come through', () => {
  const row = {
    ...{ id: ID, object: 'nonconformity', number: 'N-2029-0001', state: 'raised', version: 3, links: {} },
    ...{ planDue: { date: '2029-03-01', kind: 'hard', rule: 'R-FND-4' }, grade: 'major\u001b[2J\u202e' },
    ...{ texts: {}, internal: 'left out' },
  };
  const [head = '', line = ''] = rowsOf([row, { ...row, grade: null }]);
  expect(head).toMatch(/^number +id +state +grade +planDue +version$/);
  expect(line).toMatch(new RegExp(`^N-2029-0001 +${ID} +raised +major \\[2J +2029-03-01 +3$`));
  expect(rowsOf([]).join('')).toBe('');
});

test('one thing is a line for each member, with what is possible', () => {
  const refusal = { message: 'Another person must.', code: 'separation-of-duties', rules: [] };
  const actions = [
    { name: 'acceptPlan', allowed: true },
    { name: 'rejectPlan', allowed: false, refusal },
  ];
  const lines = thingOf({
    id: ID,
    state: 'raised',
    about: null,
    planDue: { date: '2029-03-01', kind: 'hard', rule: 'R-FND-4' },
    list: [{ a: 1 }],
    actions,
  });
  expect(lines).toEqual([
    ...[`id       ${ID}`, 'state    raised', 'planDue  2029-03-01  hard  R-FND-4', 'list', '  - a: 1'],
    ...['possible  accept-plan', '  not reject-plan: Another person must.'],
  ]);
});

test('a refusal tells every reason with its rules, what is missing, what would be needed and who could', () => {
  const problem = problemShape.parse({
    ...{ type: 'x', title: 'Another person must do this', status: 403, detail: 'x', instance: 'x' },
    ...{
      code: 'separation-of-duties',
      rules: ['SOD-7'],
      errors: [],
      hint: 'Ask another.',
      requestId: 'req_1',
      retryable: false,
    },
    refusals: [
      {
        code: 'a',
        rules: ['SOD-7'],
        message: 'You own it.',
        wouldNeed: 'a verifier',
        whoCould: ['lead-auditor'],
        because: [{ thing: ID, act: 'submitPlan' }],
      },
      { code: 'b', rules: ['R-FND-5'], message: 'It lacks words.', missing: ['cause', 'extent'] },
    ],
  });
  const text = problemLines(problem).join('\n');
  for (const word of [
    'SOD-7',
    'You own it.',
    'a verifier',
    'lead-auditor',
    'submitPlan',
    ID,
    'R-FND-5',
    'cause, extent',
    'Ask another.',
    'req_1',
  ])
    expect(text).toContain(word);
});

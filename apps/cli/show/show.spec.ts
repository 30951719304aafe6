import { problemShape } from '#contract/problem.js';
import { problemLines } from './problem.js';
import { isRoadmap, roadmapOf } from './roadmap.js';
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

describe('a roadmap', () => {
  const due = { date: '2028-07-19', kind: 'hard', rule: 'R-SUR-1', basis: [] };
  const owed = { status: 'due', date: due.date, what: 'surveillance audit', thing: 'svl_1', due };
  const why = {
    sentence: '2028-07-19: 12 months after decision.',
    owedBy: ['aims-manager', 'programme-manager'],
  };
  const granted = {
    status: 'happened',
    date: '2027-07-19',
    what: 'grant\u001b[2J',
    thing: 'crt_1',
    due: null,
    owedBy: [],
  };
  const roadmap = {
    object: 'roadmap',
    programme: {
      id: 'prg_1',
      number: 'PRG-2026-0001',
      state: 'certified',
      cycle: 1,
      governingZone: 'Europe/Berlin',
    },
    ...{ today: '2027-07-20', next: { ...owed, ...why }, late: [], readiness: null, steps: [], links: {} },
    timeline: [granted, { ...owed, ...why }],
  };

  test('says first what comes next, by whom it is owed and why, then day by day', () => {
    expect(isRoadmap(roadmap)).toBe(true);
    expect(isRoadmap({ object: 'programme' })).toBe(false);
    expect(roadmapOf(roadmap)).toEqual([
      'PRG-2026-0001  certified, cycle 1; today 2027-07-20 (Europe/Berlin)',
      '',
      'next      2028-07-19  hard  surveillance audit, owed by aims-manager, programme-manager',
      '          2028-07-19: 12 months after decision.',
      '',
      'date        status    what                kind  rule     owedBy',
      '2027-07-19  happened  grant [2J',
      '2028-07-19  due       surveillance audit  hard  R-SUR-1  aims-manager, programme-manager',
    ]);
  });

  test('says what is late, how ready the client is, and where the steps stand', () => {
    const steps = [{ step: 0, name: 'charter', state: 'done', due: null, doneOn: '2026-10-05' }];
    const readiness = { readyForStage1: false, score: 13, lacking: ['scope', 'operation'] };
    const lines = roadmapOf({
      ...roadmap,
      next: null,
      late: [{ ...owed, ...why }],
      readiness,
      steps,
      timeline: [],
    });
    expect(lines.slice(1)).toEqual([
      ...['', 'next      nothing is owed'],
      'late      2028-07-19  hard  surveillance audit, owed by aims-manager, programme-manager',
      ...['          2028-07-19: 12 months after decision.', ''],
      ...['readiness 13 of 100, not yet ready for Stage 1: scope, operation', ''],
      ...['step  name     state  due  doneOn', '0     charter  done        2026-10-05'],
    ]);
  });

  test.each([40, 80])('on a line of %d no row of its tables is longer', (width) => {
    const rows = roadmapOf({ ...roadmap, next: null, programme: null }, width);
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(width);
  });
});

import { templates, written, type Known } from './templates.js';

const known: Known = {
  scope: 'Answering customers',
  systems: [
    { name: 'Wren | the assistant', roles: ['provider', 'user'] },
    { name: 'Heron', roles: ['user'] },
  ],
  ratings: {
    'A.7.6': { rating: 'notApplicable' },
    'A.2.2': { rating: 'conforms' },
    '9.1': { rating: 'doesNotConform' },
  },
};

const nothing: Known = { systems: [], ratings: {} };
const document = (name: string, about: Known): readonly string[] => {
  const template = templates.find((one) => one.name === name);
  return template ? written(template, about).split('\n') : [];
};
const rows = (lines: readonly string[], begin: string): readonly string[] =>
  lines.filter((line) => line.startsWith(`| ${begin}`));

test('each begins with its title, its scope and its systems, and can be written of a programme that knows nothing yet', () => {
  for (const template of templates) {
    const lines = written(template, known).split('\n');
    expect(lines[0]).toBe(`# ${template.title}`);
    expect(lines).toContain('Scope: Answering customers');
    expect(written(template, nothing)).toContain('AI systems: …');
  }
});

test('R-SOA-1: the statement of applicability has all 38 controls, each with its state by the gap analysis', () => {
  const lines = document('statement-of-applicability', known);
  expect(rows(lines, 'A.')).toHaveLength(38);
  expect(rows(lines, 'A.7.6')).toEqual(['| A.7.6 | preparation of data | no |  |  |  |']);
  expect(rows(lines, 'A.2.2')).toEqual(['| A.2.2 | a policy for AI | yes | in place |  |  |']);
});

test('the internal audit has all 68 items, gaps first', () => {
  const items = document('internal-audit-report', known).filter((line) => /^\| (\d|A\.)[\d.]+ /.test(line));
  expect(items).toHaveLength(68);
  expect(items[0]).toBe('| 9.1 | monitoring, measuring and evaluating | yes |  |  |');
});

test('the risk register begins with the usual risks of each system; what a name has in it breaks no table', () => {
  const lines = document('risk-register', known);
  expect(rows(lines, 'Wren \\| the assistant')).toHaveLength(7);
  expect(rows(lines, 'Heron')).toHaveLength(7);
  expect(rows(document('risk-register', nothing), ' | A wrong result')).toHaveLength(1);
});

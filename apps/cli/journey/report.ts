import type { Summary } from '#rehearsal/play/summary.js';
import type { Mistake } from './lines.js';

/** The summary at the end, as lines for people. */
export function reportOf(summary: Summary, seconds: number): readonly string[] {
  return [
    '',
    `  ${summary.name}`,
    ...dates(summary),
    '',
    `  Facts        ${String(summary.facts)} about ${counts(summary.things)}`,
    `  Processes    ${counts(summary.processes)}`,
    `  Reminders    ${counts(summary.reminders)}`,
    ...refusals(summary),
    ...certificate(summary),
    `  Time         ${seconds.toFixed(1)} s`,
    '',
    ...verdict(summary),
  ];
}

/** The mistakes of a file, as lines for people. */
export const mistakesOf = (path: string, mistakes: readonly Mistake[]): readonly string[] => [
  `${path} has ${String(mistakes.length)} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}; nothing was changed.`,
  ...mistakes.map(({ line, where, wrong }) => `  line ${String(line)}, ${where}: ${wrong}`),
];

const counts = (table: Readonly<Record<string, number>>): string =>
  Object.entries(table)
    .map(([word, count]) => `${String(count)} ${word}`)
    .join(', ') || 'none';

function dates(summary: Summary): readonly string[] {
  return [
    '',
    '  Dates, and the rule behind each',
    ...summary.dates.map(({ of, what, because }) => `    ${of}, ${what}: ${because}`),
  ];
}

function refusals(summary: Summary): readonly string[] {
  if (summary.refusals.length === 0) return ['  Refusals     none'];
  return [
    '  Refusals met',
    ...summary.refusals.map(
      ({ on, who, command, code, rules, message }) =>
        `    ${on} ${who}: ${command}: ${code} (${rules.join(', ')}) ${message}`,
    ),
  ];
}

function certificate({ certificate: one }: Summary): readonly string[] {
  if (!one) return ['  Certificate  none'];
  return [
    `  Certificate  ${one.number}, ${one.stage}${one.because === undefined ? '' : `, last day ${one.because}`}`,
  ];
}

function verdict({ held, unmet }: Summary): readonly string[] {
  if (held) return ['  Everything that the file expects held.'];
  return [
    '  This did not come as the file expects:',
    ...unmet.map(
      ({ line, what, expected, found }) =>
        `    line ${String(line)}, ${what}: expected ${expected}; found ${found}`,
    ),
  ];
}

import type { CommandRule, Machine } from '#domain/machine.js';

/** The life of a kind of thing as a page: its states as a picture, and its commands as a table. */
export function pageOf(machine: Machine): string {
  return [
    `# ${machine.kind} (${machine.id})`,
    '',
    'Made from the machine in the domain by `npm run generate`; a test compares.',
    '',
    '```mermaid',
    'stateDiagram-v2',
    ...arrows(machine),
    ...machine.ends.map((stage) => `  ${stage} --> [*]`),
    '```',
    '',
    '| command | what it does | who | from | to | refuses with | rules |',
    '|---|---|---|---|---|---|---|',
    ...Object.entries(machine.commands).map(([name, rule]) => row(name, rule)),
    '',
  ].join('\n');
}

/** One arrow from stage to stage, with all commands that lead there. */
function arrows(machine: Machine): string[] {
  const ways = new Map<string, string[]>();
  for (const [name, rule] of Object.entries(machine.commands)) {
    for (const from of stagesOf(machine, rule)) {
      for (const to of rule.to) {
        const way = `  ${from === 'none' ? '[*]' : from} --> ${to}`;
        ways.set(way, [...(ways.get(way) ?? []), name]);
      }
    }
  }
  return [...ways].map(([way, names]) => `${way}: ${names.join(', ')}`);
}

const stagesOf = ({ stages, ends }: Machine, { from }: CommandRule): readonly string[] =>
  from.includes('*') ? stages.filter((stage) => !ends.includes(stage)) : from;

function row(name: string, rule: CommandRule): string {
  const { does, who, and, to, refuses, rules, person } = rule;
  const actors = [who.join(', '), ...(and ? [and.join(', ')] : [])].join(' + ');
  const cells = [
    ...[`\`${name}\``, does, person === true ? `${actors} (a person)` : actors, whence(rule), to.join(', ')],
    ...[refuses.map((code) => `\`${code}\``).join(' '), rules.join(', ')],
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Where a command is possible, and what else goes for a body that is a record. */
function whence({ from, passesOver = [], inside }: CommandRule): string {
  if (inside) return `${from.join(', ')} (not recorded of a body elsewhere)`;
  const passed = passesOver.length > 0 ? ` (recorded also from ${passesOver.join(', ')})` : '';
  return `${from.join(', ')}${passed}`;
}

/** A list of all pages. */
export function indexOf(machines: readonly Machine[]): string {
  const lines = machines.map(({ kind, id, stages, commands }) => {
    const counts = `${stages.length} states, ${Object.keys(commands).length} commands`;
    return `- [${kind}](${kind}.md) (${id}): ${counts}`;
  });
  return ['# The lives of things', '', 'Made from the domain by `npm run generate`.', '', ...lines, ''].join(
    '\n',
  );
}

import { Option, type Command } from 'commander';
import { routes } from '#contract/routes/all.js';
import { kebab, type Route } from '#contract/route.js';
import { act } from '../api/act.js';
import { exitWords } from '../api/ended.js';
import { membersOf, shapeOf, type Member } from '../api/members.js';
import { isRecorded } from '../api/order.js';
import { verbsOf, type Verb } from '../api/verbs.js';

/** The flags of a call itself; no member of the contract may have one of these names. */
export const callFlags = [
  ...['input', 'file', 'output', 'all', 'version', 'wait', 'dryRun', 'idempotencyKey'],
  ...['json', 'url', 'data', 'help', 'key', 'token'],
] as const;

const EVERY = 'Any command may have:';
const HOW = 'How it is called:';
const SHOWN = 3;

/**
 * A command for every route of the contract, under the collection where it stands. The flags are made for the group that is
 * asked for, or for all of them: making them takes time.
 */
export function registerCollections(program: Command, asked?: string): void {
  for (const [group, verbs] of Map.groupBy(verbsOf(routes), (verb) => verb.group)) {
    const parent = program.commands.find((one) => one.name() === group) ?? groupOf(program, group, verbs);
    for (const verb of verbs) {
      const command = verbOf(parent, verb);
      if (asked === undefined || asked === group) flagsOf(command, verb);
    }
  }
}

/** True for the first word of a call that operators have no commands beside. */
export const isCalling = (word: string | undefined): boolean =>
  word === 'explain' ||
  word === 'events' ||
  word === 'sign-in' ||
  word === 'link-identity' ||
  word === 'export' ||
  (word !== 'processes' && verbsOf(routes).some(({ group }) => group === word));

function groupOf(program: Command, group: string, verbs: readonly Verb[]): Command {
  const first = verbs.slice(0, SHOWN).map(({ name }) => name);
  const more = verbs.length > SHOWN ? `, and ${String(verbs.length - SHOWN)} more` : '';
  return program
    .command(group)
    .summary(`${first.join(', ')}${more}`)
    .description(`What can be seen and done: ${group.replaceAll('-', ' ')}.`)
    .addHelpText('after', `\nMore about one:  perennial ${group} <command> --help`);
}

/** Where the name is taken by a command for operators, the route bears its own name. */
function verbOf(parent: Command, verb: Verb): Command {
  const { name, routes: own } = verb;
  const [first] = own;
  const taken = parent.commands.some((one) => one.name() === name);
  const command = parent
    .command(taken ? kebab(first.name) : name)
    .description(first.does)
    .action(() => act(verb, command.args, command.opts<Record<string, unknown>>()));
  const most = own.map(({ params }) => params).reduce((a, b) => (b.length > a.length ? b : a));
  const least = Math.min(...own.map(({ params }) => params.length));
  most.forEach((param, index) => {
    command.argument(index < least ? `<${param}>` : `[${param}]`, paramWords[param] ?? '');
  });
  return command;
}

const paramWords: Readonly<Record<string, string>> = {
  id: 'its id, or its number for people',
  name: 'name of the process',
  subject: 'id of the thing whose life it follows',
  code: 'code of the problem',
  provider: 'name of the provider',
};

function flagsOf(command: Command, { routes: own }: Verb): void {
  const [first] = own;
  const shape = shapeOf(first);
  const all = [...membersOf(shape), ...membersOf(first.query)];
  const members = all.filter(({ secret }) => !secret);
  const secrets = all.filter(({ secret }) => secret).map(({ name }) => name);
  for (const member of members) addMember(command, member, own.length > 1);
  if (shape !== undefined)
    command.option(
      '--input <file>',
      `the members as one JSON object; - reads it from stdin${secrets.length > 0 ? `; there alone: ${secrets.join(', ')}` : ''}`,
    );
  own.flatMap(callOptions).forEach((option) => {
    if (!command.options.some(({ long }) => long === option.long)) command.addOption(option);
  });
  command.addHelpText('after', () => helpOf(command, first, members));
}

const circumstances = ['effectiveOn', 'reason', 'evidence', 'signedBy', 'acknowledge'];

function addMember(command: Command, member: Member, perhaps: boolean): void {
  const { name, flag, form, required, description } = member;
  const said = [required && !perhaps ? 'required' : '', description.replace(/\.$/, ''), formWords(member)];
  const words = said.filter((part) => part !== '').join('; ');
  const group = circumstances.includes(name) ? EVERY : 'Options:';
  if (form === 'yesNo') {
    command.addOption(new Option(flag, words).helpGroup(group));
    command.addOption(new Option(`--no-${kebab(name)}`, 'the opposite').helpGroup(group));
    return;
  }
  const option = new Option(`${flag} <${form === 'list' ? 'items' : form}>`, words).helpGroup(group);
  // Help and completion list them; what is not among them is told with all other mistakes.
  if (member.choices.length > 0) option.argChoices = [...member.choices];
  command.addOption(
    form === 'list'
      ? option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text])
      : option,
  );
}

function formWords({ form, choices, items, example }: Member): string {
  const like = choices.length === 0 && example !== undefined ? `such as ${example}` : '';
  const often = form === 'list' ? `again for each${items?.commas === true ? ', or with commas' : ''}` : '';
  const json = form === 'json' ? 'as JSON' : '';
  return [like, often, json].filter((part) => part !== '').join('; ');
}

/** What a call of this kind may have beside its members. */
function callOptions({ kind, file }: Route): readonly Option[] {
  const how = (flags: string, words: string): Option => new Option(flags, words).helpGroup(HOW);
  return [
    ...(kind === 'list' ? [how('--all', 'every page')] : []),
    ...(kind === 'upload' ? [how('--file <path>', 'required; the file').makeOptionMandatory()] : []),
    ...(file !== undefined ? [how('--output <path>', 'where the file goes; it must not be there yet')] : []),
    ...(kind === 'command'
      ? [how('--version <number>', 'the version that you have read (else the one that stands now)')]
      : []),
    ...(kind === 'operation' ? [how('--wait <seconds>', 'until it is over, at most so long')] : []),
    ...(kind === 'command' || kind === 'create' ? [how('--dry-run', 'everything but the commit')] : []),
    ...(isRecorded({ kind }) ? [how('--idempotency-key <key>', 'of a call that is made again')] : []),
    ...placeOptions().map((option) => option.helpGroup(HOW)),
  ];
}

/** What every command that calls Perennial may have. */
export const placeOptions = (): readonly Option[] => [
  new Option('--json', 'one JSON document on stdout'),
  new Option('--url <address>', 'the Perennial that is called (PERENNIAL_URL, else the one that runs here)'),
  new Option('--data <folder>', 'data folder of the one that runs here (./.perennial)'),
];

function helpOf(command: Command, { params, kind }: Route, members: readonly Member[]): string {
  const path = `perennial ${command.parent?.name() ?? ''} ${command.name()}`;
  const needed = members
    .filter(({ required }) => required)
    .map((member) => `${member.flag}${member.form === 'yesNo' ? '' : ` ${sampleOf(member)}`}`);
  const file = kind === 'upload' ? ['--file ./report.pdf'] : [];
  const example = [path, ...params.map((param) => `<${param}>`), ...needed, ...file].join(' ');
  return ['', 'Example:', `  ${example}`, '', 'Exit codes:', ...exitWords.map((line) => `  ${line}`)].join(
    '\n',
  );
}

function sampleOf({ choices: [first], example, form }: Member): string {
  if (form === 'json') return `'{ … }'`;
  return first ?? example ?? '"…"';
}

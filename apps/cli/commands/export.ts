import type { Command } from 'commander';
import { collections } from '#contract/routes/all.js';
import { clientFor, ending, printJson } from '../api/act.js';
import { Mistyped } from '../api/mistyped.js';
import type { Typed } from '../api/typed.js';
import { exportTo } from '../export/export.js';
import type { Done } from '../export/progress.js';
import { say } from '../output.js';
import { placeOptions } from './collections.js';

/** A system that is started again, or asks to come back in a minute, is waited for. */
const PATIENCE_MS = 90_000;
const formats = ['ndjson', 'csv'] as const;
const names = collections.map(({ name }) => name);

const words = `
All events go into events.ndjson, the entries behind them with what people wrote into entries.ndjson, and each list into a file of its own, as it stood at the last of these events, whoever writes meanwhile.
manifest.json comes last, with the rows and the SHA-256 of each file. An export that was stopped goes on when it is typed again.

Example:
  perennial export ./aurora --format csv --only programmes,findings,certificates
`;

/** `perennial export`. */
export function registerExport(program: Command): void {
  const command = program
    .command('export')
    .description('write everything that the feed of your organisation tells you of into files')
    .argument('<folder>', 'where they go: a new folder, or that of an export that was stopped')
    .option('--format <format>', `of the lists: ${formats.join(' or ')}`, 'ndjson')
    .option('--only <lists>', 'these lists alone, with commas between')
    .addHelpText('after', words);
  placeOptions().forEach((option) => command.addOption(option));
  command.action((folder: string, typed: Typed) => ending(typed, () => run(folder, typed)));
}

async function run(folder: string, typed: Typed): Promise<void> {
  const format = formats.find((one) => one === typed['format']);
  const lists = typeof typed['only'] === 'string' ? typed['only'].split(',') : names;
  const unknown = lists.filter((name) => !names.includes(name));
  const mistakes = [
    ...(format === undefined ? [`--format: write one of ${formats.join(', ')}.`] : []),
    ...(unknown.length > 0
      ? [`--only: ${unknown.join(', ')} is no list. There are: ${names.join(', ')}.`]
      : []),
  ];
  if (format === undefined || mistakes.length > 0) throw new Mistyped(mistakes);
  const manifest = await exportTo(clientFor(typed, false, PATIENCE_MS), folder, { format, lists });
  if (typed['json'] === true) printJson(manifest);
  else say(`Complete: ${folder}/manifest.json`);
  const short = manifest.files.filter(({ elsewhere }) => elsewhere > 0);
  if (short.length > 0) say(shortOf(short, manifest.organisation));
}

/** A key of the installation sees more than its own feed tells of. */
const shortOf = (files: readonly Done[], organisation: string): string =>
  [
    `Left out: ${files.map(({ name, elsewhere }) => `${String(elsewhere)} of ${name}`).join(', ')}.`,
    `They have no place in the feed of ${organisation}: export what is another organisation's with a key of that organisation.`,
  ].join('\n  ');

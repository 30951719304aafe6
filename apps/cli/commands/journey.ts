import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { Command } from 'commander';
import type { Tells } from '#client/client.js';
import { readConfig } from '#platform/config.js';
import type { Door } from '#rehearsal/play/door.js';
import { play, type Performance } from '#rehearsal/play/player.js';
import type { Script } from '#rehearsal/play/script.js';
import { summaryOf } from '#rehearsal/play/summary.js';
import { HttpDoor } from '../journey/http-door.js';
import { inputCheck } from '../journey/inputs.js';
import { RehearsalDoor } from '../journey/rehearsal-door.js';
import { mistakesOf, reportOf } from '../journey/report.js';
import { readScript } from '../journey/script-file.js';
import { findPlace } from '../journey/system.js';
import { Timeline } from '../journey/timeline.js';
import { complain, print, say } from '../output.js';

interface JourneyFlags {
  json?: boolean;
  rehearse?: boolean;
  url?: string;
  data?: string;
  port?: string;
}

const BAD_DATA = 65;
const NO_INPUT = 66;
const NOT_HELD = 1;
const SAMPLE = 'samples/customer-chat-assistant.yaml';

/** `perennial journey`: plays one certification and tells what came of it. */
export function registerJourney(program: Command): void {
  program
    .command('journey')
    .description('play one certification, from the application to the certificate')
    .argument('[script]', 'who takes part, what they do on which day, and what must come of it', SAMPLE)
    .option('--json', 'one JSON document on stdout')
    .option('--rehearse', 'in memory, without servers')
    .option('--url <address>', 'a system that runs elsewhere')
    .option('--data <folder>', 'data folder (./.perennial)')
    .option('--port <number>', 'port of the API, when one is started for this (4200)')
    .action(journey);
}

async function journey(path: string, flags: JourneyFlags): Promise<void> {
  const text = textOf(path);
  if (text === undefined) return;
  const read = readScript(text, inputCheck);
  if ('mistakes' in read) {
    if (flags.json) print(JSON.stringify({ held: false, mistakes: read.mistakes }, null, 2));
    complain(mistakesOf(path, read.mistakes).join('\n'));
    process.exitCode = BAD_DATA;
    return;
  }
  const began = performance.now();
  const performed = flags.rehearse
    ? await perform(read.script, new RehearsalDoor(), flags)
    : await onSystem(read.script, flags);
  const summary = summaryOf(performed);
  const seconds = (performance.now() - began) / 1000;
  if (flags.json) print(JSON.stringify({ ...summary, seconds }, null, 2));
  else reportOf(summary, seconds).forEach((line) => say(line));
  if (!summary.held) process.exitCode = NOT_HELD;
}

/** What stands in a file; nothing, and said why, where it cannot be read. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    complain(
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}. Nothing was changed.`,
    );
    process.exitCode = NO_INPUT;
    return undefined;
  }
}

async function onSystem(script: Script, flags: JourneyFlags): Promise<Performance> {
  const config = readConfig({
    ...(flags.data === undefined ? {} : { dataFolder: flags.data }),
    ...(flags.port === undefined ? {} : { port: flags.port }),
  });
  const place = await findPlace(config, flags.url);
  try {
    return await perform(script, new HttpDoor(place.url, place.key, { tells: tellsOf(flags) }), flags);
  } finally {
    await place.leave();
  }
}

/** The door may be away for a moment, or take so many calls a minute and no more: the journey waits, and says so. */
const tellsOf =
  ({ json }: JourneyFlags): Tells =>
  ({ message }) => {
    if (!json) say(`waits: ${message}`);
  };

async function perform(script: Script, door: Door, { json }: JourneyFlags): Promise<Performance> {
  const timeline = new Timeline(script, process.stderr.isTTY && process.stderr.getColorDepth() > 1);
  return play(script, door, (told, story) => {
    if (!json) say(timeline.line(told, story));
  });
}

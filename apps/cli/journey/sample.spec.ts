import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { play } from '#rehearsal/play/player.js';
import { summaryOf } from '#rehearsal/play/summary.js';
import { inputCheck } from './inputs.js';
import { RehearsalDoor } from './rehearsal-door.js';
import { reportOf } from './report.js';
import { readScript } from './script-file.js';
import { Timeline } from './timeline.js';

const path = 'samples/customer-chat-assistant.yaml';

test('the customer chat assistant is certified, and everything that its file expects holds', async () => {
  const read = readScript(readFileSync(path, 'utf8'), inputCheck);
  if (!('script' in read)) throw new Error(JSON.stringify(read.mistakes, null, 1));
  const timeline = new Timeline(read.script, false);
  const lines: string[] = [];
  const performed = await play(read.script, new RehearsalDoor(), (told, story) =>
    lines.push(timeline.line(told, story)),
  );
  process.stderr.write(lines.join('\n') + '\n' + reportOf(summaryOf(performed), 0).join('\n') + '\n');
  expect(performed.unmet).toEqual([]);
});

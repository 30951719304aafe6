import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pause } from '#platform/pause.js';
import { until } from '../support/live.js';
import { ApiDoor, problemIn } from './support/door.js';
import type { Somebody } from './support/people.js';
import { END, file, formOf, headOf, metadata, sendForm } from './support/uploads.js';
import { SmallWorld } from './support/world.js';

// Whoever is slow on purpose is broken off; whoever sends a large file over a slow line is not.

const BODY_MS = 1_000;

let door: ApiDoor;
let ana: Somebody;
beforeAll(async () => {
  door = await ApiDoor.open({ bodyMs: BODY_MS });
  ana = await (await SmallWorld.make(door)).person('client', 'aims-manager');
}, 60_000);
afterAll(() => door.close());

/** Pieces with a pause after each. */
async function* slowly(pieces: readonly (string | Buffer)[], ms: number): AsyncGenerator<string | Buffer> {
  for (const piece of pieces) {
    yield piece;
    await pause(ms);
  }
}

/** One byte after the other, for ten times as long as a body may take. */
const dripped = (): AsyncGenerator<string | Buffer> =>
  slowly(
    [...formOf(metadata(), file('x'.repeat(100)))].map((byte) => Buffer.from([byte])),
    100,
  );

const incoming = (): readonly string[] => readdirSync(join(door.behind.evidenceFolder, 'incoming'));

test('[S11] a file that takes several times as long as other bodies may arrives, as long as more of it comes', async () => {
  const piece = Buffer.alloc(64 * 1024, 'x');
  const { content: _, ...part } = file('');
  const words = formOf(metadata()).toString().replace(END, '');
  const pieces = [words + headOf(part), ...Array<Buffer>(12).fill(piece), `\r\n${END}`];
  const began = Date.now();
  const got = await sendForm(door, { token: ana.token, key: 'slow' }, Readable.from(slowly(pieces, 300)));
  expect(got.status).toBe(201);
  expect(JSON.parse(got.bytes.toString())).toMatchObject({ bytes: 12 * piece.length });
  expect(Date.now() - began).toBeGreaterThan(3 * BODY_MS);
}, 30_000);

test('[S11] a file of which next to nothing comes is broken off, and leaves nothing', async () => {
  const sender = { token: ana.token, key: 'dripped' };
  const got = await sendForm(door, sender, Readable.from(dripped()));
  expect(problemIn(got).code).toBe('malformed-request');
  await until(() => Promise.resolve(incoming().length === 0), 10_000);
}, 30_000);

/** Sends a body byte by byte; answers with what came back, and after how long the line was cut. */
function drips(path: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ text: string; cutAfterMs: number }>((resolve) => {
    const began = Date.now();
    let text = '';
    const sent = request(new URL(path, door.url), { method: 'POST', headers }, (answer) => {
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
    });
    sent.on('error', () => undefined);
    sent.on('close', () => resolve({ text, cutAfterMs: Date.now() - began }));
    pipeline(Readable.from(dripped()), sent).catch(() => undefined);
  });
}

test.each([
  ['an order', () => ana.token, 'malformed-request'],
  ['a stranger’s order', () => 'prn_live_wrong', 'credential-invalid'],
])(
  '%s that comes byte by byte is broken off',
  async (_, token, code) => {
    const headers = {
      authorization: `Bearer ${token()}`,
      'idempotency-key': 'dripped',
      'content-type': 'application/json',
    };
    const { text, cutAfterMs } = await drips('/v1/programmes', headers);
    expect(JSON.parse(text)).toMatchObject({ code });
    expect(cutAfterMs).toBeLessThan(8 * BODY_MS);
  },
  30_000,
);

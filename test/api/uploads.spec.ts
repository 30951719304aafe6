import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { get, request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { until } from '../support/live.js';
import { ApiDoor } from './support/door.js';
import { unknownId } from './support/generated.js';
import type { Somebody } from './support/people.js';
import { leavesNothing, tracesOf } from './support/traces.js';
import {
  END,
  file,
  formOf,
  formProblem,
  headersOf,
  headOf,
  metadata,
  sendForm,
  words,
  type Part,
} from './support/uploads.js';
import { SmallWorld } from './support/world.js';

let door: ApiDoor;
let ana: Somebody;
beforeAll(async () => {
  door = await ApiDoor.open();
  ana = await (await SmallWorld.make(door)).person('client', 'aims-manager');
}, 180_000);
afterAll(() => door.close());

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
const as = (key: string, headers: Record<string, string> = {}) => ({ token: ana.token, key, headers });
const says = (text: string): Part => file(`${text}\n`);

test('a file comes back byte for byte, as an attachment, under the hash and the type of its content', async () => {
  const content = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from([0, 1, 2, 255])]);
  const got = await sendForm(
    ...([
      door,
      as('pdf'),
      formOf(metadata({ title: '../../etc/passwd' }), file(content, { filename: '../x.txt' })),
    ] as const),
  );
  const made = JSON.parse(got.bytes.toString()) as { id: string; sha256: string };
  expect(got).toMatchObject({ status: 201, headers: { location: `/v1/evidence/${made.id}` } });
  expect(made).toMatchObject({ sha256: sha256(content), bytes: content.length, type: 'application/pdf' });
  const back = await door.send('GET', `/v1/evidence/${made.id}/content`, { token: ana.token });
  expect(back.bytes.equals(content)).toBe(true);
  expect(back.headers).toMatchObject({
    'content-type': 'application/pdf',
    'content-length': String(content.length),
    'content-security-policy': 'sandbox',
    'x-content-type-options': 'nosniff',
    'content-disposition': expect.stringMatching(/^attachment/) as string,
    etag: `"${sha256(content)}"`,
  });
  const again = { token: ana.token, headers: { 'if-none-match': `"${sha256(content)}"` } };
  expect(await door.send('GET', `/v1/evidence/${made.id}/content`, again)).toMatchObject({ status: 304 });
  const head = await door.send('HEAD', `/v1/evidence/${made.id}/content`, { token: ana.token });
  expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([
    200,
    String(content.length),
    0,
  ]);
  expect(readdirSync(join(door.behind.evidenceFolder, 'incoming'))).toEqual([]);
});

test('an empty file is a file', async () => {
  const got = await sendForm(door, as('empty'), formOf(metadata(), file('')));
  expect(JSON.parse(got.bytes.toString())).toMatchObject({ bytes: 0, sha256: sha256('') });
});

const large = JSON.stringify({ title: 'x'.repeat(1_100_000) });
const one = formOf(metadata(), says('cut'));

test.each<[string, Buffer, string]>([
  ['the file before its metadata', formOf(says('a'), metadata()), 'malformed-request'],
  ['two files', formOf(metadata(), says('a'), says('b')), 'malformed-request'],
  ['metadata twice', formOf(metadata(), metadata(), says('a')), 'malformed-request'],
  ['metadata after the file as well', formOf(metadata(), says('a'), metadata()), 'malformed-request'],
  ['no file', formOf(metadata()), 'malformed-request'],
  ['nothing', formOf(), 'malformed-request'],
  ['a part of another name', formOf(metadata(), file('a', { name: 'attachment' })), 'malformed-request'],
  ['a part called __proto__', formOf(metadata(), file('a', { name: '__proto__' })), 'malformed-request'],
  ['a form without its end', one.subarray(0, one.length - 20), 'malformed-request'],
  ['bytes that are no form', Buffer.from('what is this?'), 'malformed-request'],
  ['metadata that is no JSON', formOf({ name: 'metadata', content: '{' }, says('a')), 'malformed-json'],
  ['metadata that is no object', formOf({ name: 'metadata', content: '[]' }, says('a')), 'invalid-body'],
  ['metadata beyond 1 MiB', formOf({ name: 'metadata', content: large }, says('a')), 'body-too-large'],
  ['an unknown member', formOf(metadata({ surprise: 1 }), says('a')), 'invalid-body'],
  ['31 February', formOf(metadata({ datedOn: '2029-02-31' }), says('a')), 'invalid-body'],
  ['a day that lies ahead', formOf(metadata({ datedOn: '2029-03-02' }), says('a')), 'date-in-future'],
  [
    'a thing that nobody can see',
    formOf(metadata({ under: 'fnd_01k9zq4v8e7m3x5t2c6b0n1r9s' }), says('a')),
    'not-found',
  ],
  ['another hash', formOf(metadata({ sha256: sha256('b') }), says('a')), 'content-digest-mismatch'],
  ['another media type', formOf(metadata({ type: 'application/pdf' }), says('a')), 'media-type-mismatch'],
  [
    'a picture that is text',
    formOf(metadata(), file('<svg/>', { type: 'image/png' })),
    'media-type-mismatch',
  ],
  ['a page', formOf(metadata(), file('<html></html>', { type: 'text/html' })), 'media-type-mismatch'],
])('%s is refused, and leaves no file and no row', async (_, form, code) => {
  const problem = await leavesNothing(door, () => formProblem(door, as('refused'), form));
  expect(problem).toMatchObject({ code, hint: expect.any(String) as string });
});

test('a form must say where its parts end, and may not be announced larger than a file may be', async () => {
  await leavesNothing(door, async () => {
    const noBoundary = as('x', { 'content-type': 'multipart/form-data' });
    expect(await formProblem(door, noBoundary, one)).toMatchObject({ code: 'malformed-request' });
    const json = as('x', { 'content-type': 'application/json' });
    expect(await formProblem(door, json, Buffer.from('{}'))).toMatchObject({
      code: 'media-type-not-supported',
    });
    const huge = as('x', { 'content-length': String(6 * 1024 ** 3), connection: 'close' });
    expect(await announced(huge)).toBe(413);
  });
});

/** The status that answers a form of which no byte has come. */
const announced = (sender: Parameters<typeof headersOf>[0]): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(new URL('/v1/evidence', door.url), { method: 'POST', headers: headersOf(sender) });
    sent.on('response', ({ statusCode = 0 }) => {
      resolve(statusCode);
      sent.destroy();
    });
    sent.on('error', reject).flushHeaders();
  });

test('a refusal is heard although most of the file is still on its way', async () => {
  const form = formOf(metadata({ surprise: 1 }), file(Buffer.alloc(8_000_000, 'x')));
  const problem = await leavesNothing(door, () => formProblem(door, as('early'), form));
  expect(problem).toMatchObject({ code: 'invalid-body', errors: [{ pointer: '/surprise' }] });
});

const arriving = (): readonly string[] => {
  const incoming = join(door.behind.evidenceFolder, 'incoming');
  return existsSync(incoming) ? readdirSync(incoming) : [];
};

test('[S11] an upload that is cut off, at every 64 KiB of it, leaves nothing behind', async () => {
  const form = formOf(metadata(), file(Buffer.alloc(1024 * 1024, 'x')));
  const before = await tracesOf(door);
  const cuts = Array.from({ length: 16 }, (_, place) => (place + 1) * 64 * 1024);
  const begun = cuts.map((bytes) => {
    const headers = { ...headersOf(as('cut')), 'content-length': String(form.length) };
    const sent = request(new URL('/v1/evidence', door.url), { method: 'POST', headers });
    sent.on('error', () => undefined).write(form.subarray(0, bytes));
    return sent;
  });
  await until(() => Promise.resolve(arriving().length === cuts.length), 10_000);
  begun.forEach((sent) => sent.destroy());
  await until(() => Promise.resolve(arriving().length === 0), 10_000);
  expect(await tracesOf(door)).toEqual(before);
});

test('[S11] 100 MB stream in and out through little memory, byte for byte', async () => {
  const piece = Buffer.from(Array.from({ length: 65_536 }, (_, place) => (place * 7) % 251));
  const [pieces, hash] = [1_600, createHash('sha256')];
  const parts = function* () {
    yield Buffer.concat([Buffer.from(headOf(metadata())), Buffer.from(`${JSON.stringify(words)}\r\n`)]);
    yield Buffer.from(headOf(file('')));
    for (let place = 0; place < pieces; place += 1) {
      hash.update(piece);
      yield piece;
    }
    yield Buffer.from(`\r\n${END}`);
  };
  const watch = new MemoryWatch();
  const got = await sendForm(door, as('large'), Readable.from(parts(), { objectMode: false }));
  const made = JSON.parse(got.bytes.toString()) as { id: string; sha256: string; bytes: number };
  const expected = hash.digest('hex');
  expect(made).toMatchObject({ bytes: pieces * piece.length, sha256: expected });
  expect(await hashOf(`/v1/evidence/${made.id}/content`)).toBe(expected);
  expect(watch.grownBy()).toBeLessThan(90 * 1024 ** 2);
}, 180_000);

/** The hash of what a GET answers, as it comes. */
const hashOf = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const hash = createHash('sha256');
    get(new URL(path, door.url), { headers: { authorization: `Bearer ${ana.token}` } }, (answer) => {
      answer.on('data', (chunk: Buffer) => hash.update(chunk));
      answer.on('error', reject).on('end', () => resolve(hash.digest('hex')));
    }).on('error', reject);
  });

/** How far the memory of this process grows, which is the door's too. */
class MemoryWatch {
  private readonly before = process.memoryUsage.rss();
  private most = this.before;
  private readonly look = setInterval(() => {
    this.most = Math.max(this.most, process.memoryUsage.rss());
  }, 10).unref();

  grownBy(): number {
    clearInterval(this.look);
    return this.most - this.before;
  }
}

test('a file that some may record and others not is there for those who may, however they race', async () => {
  const content = 'the same for all\n';
  const tries = Array.from({ length: 24 }, (_, place) => place);
  const got = await Promise.all(
    tries.map((place) => {
      const datedOn = place % 2 === 0 ? '2029-02-01' : '2029-12-31';
      return sendForm(door, as(`race-${String(place)}`), formOf(metadata({ datedOn }), file(content)));
    }),
  );
  expect(got.map(({ status }) => status)).toEqual(tries.map((place) => (place % 2 === 0 ? 201 : 422)));
  const { id } = JSON.parse(got[0]?.bytes.toString() ?? '') as { id: string };
  const back = await door.send('GET', `/v1/evidence/${id}/content`, { token: ana.token });
  expect(back.bytes.toString()).toBe(content);
});

test('the same upload again is the same evidence; another file under its key is refused', async () => {
  const form = formOf(metadata(), says('once'));
  const first = await sendForm(door, as('once'), form);
  await leavesNothing(door, async () => {
    const again = await sendForm(door, as('once'), form);
    expect(again.bytes.equals(first.bytes)).toBe(true);
    expect(again.headers['idempotency-replayed']).toBe('true');
    for (const other of [formOf(metadata(), says('twice')), formOf(metadata({ title: 'x' }), says('once'))])
      expect(await formProblem(door, as('once'), other)).toMatchObject({ code: 'idempotency-key-reused' });
  });
});

test('a dry run of an upload says what it would record, and leaves nothing', async () => {
  const dry = as('dry', { 'perennial-dry-run': 'true' });
  const got = await leavesNothing(door, () => sendForm(door, dry, formOf(metadata(), says('dry'))));
  expect(JSON.parse(got.bytes.toString())).toMatchObject({
    recorded: [],
    wouldRecord: ['evidence.recorded'],
  });
});

test('evidence of others is as unknown as none, and a file that is gone is not found', async () => {
  const got = await sendForm(door, as('other'), formOf(metadata(), says('other')));
  const made = JSON.parse(got.bytes.toString()) as { id: string; sha256: string };
  const stranger = await (await SmallWorld.make(door, 'elsewhere')).person('client', 'aims-manager');
  const asked = async (id: string, { token }: Somebody) => {
    const { status, code, detail, hint } = await door.problem('GET', `/v1/evidence/${id}/content`, { token });
    return { status, code, detail, hint };
  };
  expect(await asked(made.id, stranger)).toEqual(await asked(unknownId('evd'), stranger));
  rmSync(join(door.behind.evidenceFolder, made.sha256.slice(0, 2), made.sha256));
  expect(await asked(made.id, ana)).toMatchObject({ code: 'not-found', status: 404 });
});

test('[S11] a program that was killed at any moment leaves a recorded file to be read, and nothing else for longer than an hour', async () => {
  const folder = door.behind.evidenceFolder;
  const got = await sendForm(door, as('killed'), formOf(metadata(), says('killed')));
  const made = JSON.parse(got.bytes.toString()) as { id: string; sha256: string };
  const place = join(folder, made.sha256.slice(0, 2), made.sha256);
  const read = async () =>
    (await door.send('GET', `/v1/evidence/${made.id}/content`, { token: ana.token })).bytes.toString();
  // recorded, and not yet in its place
  renameSync(place, join(folder, 'incoming', `${made.sha256}.killed`));
  expect(await read()).toBe('killed\n');
  renameSync(place, join(folder, 'incoming', `${made.sha256}.killed`));
  writeFileSync(join(folder, 'incoming', `${sha256('lost')}.killed`), 'lost');
  writeFileSync(join(folder, 'incoming', 'half'), 'ha');
  for (const name of arriving()) utimesSync(join(folder, 'incoming', name), 0, 0);
  await door.restart();
  await until(() => Promise.resolve(arriving().length === 0), 10_000);
  expect([existsSync(place), existsSync(join(folder, sha256('lost').slice(0, 2), sha256('lost')))]).toEqual([
    true,
    false,
  ]);
  expect(await read()).toBe('killed\n');
});

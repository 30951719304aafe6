import { randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import { PayloadEncryption } from './payload-encryption.js';

const keyOf = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [first, second] = [keyOf('2025-01'), keyOf('2026-11')];
const news = { facts: [{ type: 'nonconformity.raised', stream: 'fnd_1', data: { grade: 'minor' } }] };
const payload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const valueOf = (one: Payload | undefined): unknown => one && defaultPayloadConverter.fromPayload(one);

async function through(written: readonly string[], read: readonly string[]): Promise<unknown> {
  const kept = await new PayloadEncryption(written).encode([payload(news)]);
  const [back] = await new PayloadEncryption(read).decode(kept);
  return valueOf(back);
}

const flat = ({ metadata, data }: Payload): string =>
  Buffer.concat([...Object.values(metadata ?? {}), data ?? Buffer.alloc(0)]).toString('latin1');

test('what is kept has the id of its key and nothing of what was written, and is another each time', async () => {
  const [one, other] = await new PayloadEncryption([first]).encode([payload(news), payload(news)]);
  expect(Buffer.from(one?.metadata?.['key'] ?? []).toString()).toBe('2025-01');
  expect(Buffer.from(one?.metadata?.['encoding'] ?? []).toString()).toBe('binary/encrypted');
  expect(/nonconformity|fnd_1|minor|json/.test(flat(one ?? {}))).toBe(false);
  expect(one?.data).not.toEqual(other?.data);
});

test.each([['text'], [null], [undefined], [[]], [{ deep: [1, 'ü', { x: true }] }], [Buffer.from([0, 255])]])(
  'what was written is read: %j',
  async (value) => {
    const encryption = new PayloadEncryption([first]);
    const [back] = await encryption.decode(await encryption.encode([payload(value)]));
    expect(valueOf(back)).toEqual(valueOf(payload(value)));
  },
);

test('a result that is nothing comes from a run with a list for its bytes', async () => {
  const encryption = new PayloadEncryption([first]);
  const nothing = { ...payload(undefined), data: [] as unknown as Uint8Array };
  const [back] = await encryption.decode(await encryption.encode([nothing]));
  expect([valueOf(back), back?.data]).toEqual([undefined, Buffer.alloc(0)]);
});

test('the newest key encrypts, and all decrypt', async () => {
  const [kept] = await new PayloadEncryption([second, first]).encode([payload(news)]);
  expect(Buffer.from(kept?.metadata?.['key'] ?? []).toString()).toBe('2026-11');
  expect(await through([first], [second, first])).toEqual(news);
  expect(await through([second, first], [second])).toEqual(news);
});

test('what was kept in plain is read as it is, and without keys nothing is encrypted', async () => {
  expect(await through([], [first])).toEqual(news);
  expect(await new PayloadEncryption([]).encode([payload(news)])).toEqual([payload(news)]);
});

test.each([[[second]], [[]]])('a key that is not known is named, with what to do', async (known) => {
  const reading = through([first], known);
  await expect(reading).rejects.toThrow(/the key 2025-01, .*PERENNIAL_PAYLOAD_KEYS.*processes rebuild/);
});

test('another key of the same name reads nothing', async () => {
  await expect(through([first], [keyOf('2025-01')])).rejects.toThrow(
    'not what was encrypted under the key 2025-01',
  );
});

test('a changed byte is found, wherever it stands, and so is one that is missing', async () => {
  const encryption = new PayloadEncryption([first, second]);
  const [kept] = await encryption.encode([payload('four')]);
  const bytes = Buffer.from(kept?.data ?? []);
  for (let place = 0; place < bytes.length; place += 1) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
    await expect(encryption.decode([{ ...kept, data: changed }])).rejects.toThrow('2025-01');
    await expect(encryption.decode([{ ...kept, data: bytes.subarray(0, place) }])).rejects.toThrow('2025-01');
  }
  const renamed = { ...kept?.metadata, key: Buffer.from('2026-11') };
  await expect(encryption.decode([{ ...kept, metadata: renamed }])).rejects.toThrow('2026-11');
});

import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileStore, type Kept } from './file-store.js';

const HOUR_S = 3_600;

let folder: string;
let store: FileStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
  store = new FileStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function* bytes(text: string): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(text));
}

test('[S11] what a killed program left on its way in is swept, and nothing that still comes', async () => {
  expect(await store.sweep(Date.now())).toBe(0);
  const now = Date.now() / 1000;
  for (const [name, age] of [
    ['of-yesterday', 24 * HOUR_S],
    ['of-now', 0],
  ] as const) {
    const path = join(folder, 'incoming', name);
    writeFileSync(path, 'half of it');
    utimesSync(path, now - age, now - age);
  }
  expect(await store.sweep((now - HOUR_S) * 1000)).toBe(1);
  expect(readdirSync(join(folder, 'incoming'))).toEqual(['of-now']);
});

test('[S11] what was recorded has its file, also when another program took the same one away meanwhile', async () => {
  const [mine, theirs] = [
    await store.take(bytes('the same'), 'mine'),
    await store.take(bytes('the same'), 'theirs'),
  ];
  const [begun, over] = [Promise.withResolvers<undefined>(), Promise.withResolvers<Kept<string>>()];
  const refused = new FileStore(folder).keep(theirs, {
    does: () => {
      begun.resolve(undefined);
      return over.promise;
    },
    isInDoubt: () => false,
  });
  await begun.promise;
  const does = async () => {
    over.resolve({ stays: false, result: 'refused' });
    await refused;
    return { stays: true, result: 'recorded' };
  };
  expect(await store.keep(mine, { does, isInDoubt: () => false })).toBe('recorded');
  expect(await store.has(mine.sha256)).toBe(true);
});

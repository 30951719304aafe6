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

const longAgo = (name: string): void => {
  const at = Date.now() / 1000 - 24 * HOUR_S;
  utimesSync(join(folder, 'incoming', name), at, at);
};
const atEntrance = (): readonly string[] => readdirSync(join(folder, 'incoming'));
const sweep = (recorded: readonly string[] = []) =>
  store.sweep(Date.now() - HOUR_S * 1000, (sha256) => Promise.resolve(recorded.includes(sha256)));

test('[S11] what a killed program left on its way in is swept, and nothing that still comes', async () => {
  expect(await sweep()).toEqual({ gone: 0, placed: 0 });
  for (const name of ['of-yesterday', 'of-now']) writeFileSync(join(folder, 'incoming', name), 'half of it');
  longAgo('of-yesterday');
  expect(await sweep()).toEqual({ gone: 1, placed: 0 });
  expect(atEntrance()).toEqual(['of-now']);
});

test('[S11] of files whose recording was broken off, those that were recorded come to their place and the others go', async () => {
  const [lost, found] = [await store.take(bytes('lost'), 'lost'), await store.take(bytes('found'), 'found')];
  atEntrance().forEach(longAgo);
  expect(await sweep([found.sha256])).toEqual({ gone: 1, placed: 1 });
  expect([await store.has(lost.sha256), await store.has(found.sha256)]).toEqual([false, true]);
  expect(atEntrance()).toEqual([]);
});

/** The upload of another program beside, which waits for the answer to its command. */
async function beside(content: string) {
  const theirs = await new FileStore(folder).take(bytes(content), 'theirs');
  const [begun, over] = [Promise.withResolvers<undefined>(), Promise.withResolvers<Kept<string>>()];
  const kept = new FileStore(folder).keep(theirs, {
    does: () => {
      begun.resolve(undefined);
      return over.promise;
    },
    isInDoubt: () => false,
  });
  await begun.promise;
  const isRefused = async (): Promise<void> => {
    over.resolve({ stays: false, result: 'refused' });
    await kept;
  };
  return { sha256: theirs.sha256, isRefused };
}

const recorded = { stays: true, result: 'recorded' };

test.each(['before', 'after'])(
  '[S11] what was recorded has its file, also when another program is refused the same one, %s it',
  async (when) => {
    const mine = await store.take(bytes('the same'), 'mine');
    const other = await beside('the same');
    const does = async () => {
      if (when === 'before') await other.isRefused();
      return recorded;
    };
    expect(await store.keep(mine, { does, isInDoubt: () => false })).toBe('recorded');
    if (when === 'after') await other.isRefused();
    expect(await store.has(mine.sha256)).toBe(true);
    expect(atEntrance()).toEqual([]);
  },
);

test('[S11] what is refused, of all who bring it, is nowhere', async () => {
  const mine = await store.take(bytes('the same'), 'mine');
  const other = await beside('the same');
  const does = () => Promise.reject(new Error('refused'));
  await expect(store.keep(mine, { does, isInDoubt: () => false })).rejects.toThrow('refused');
  await other.isRefused();
  expect(await store.has(mine.sha256)).toBe(false);
  expect(atEntrance()).toEqual([]);
});

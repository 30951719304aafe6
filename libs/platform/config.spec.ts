import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFor, readConfig, refuseOpenDoor, type Config } from './config.js';
import { StartFailure } from './start-failure.js';

function refusal(run: () => unknown): StartFailure {
  try {
    run();
  } catch (failure) {
    if (failure instanceof StartFailure) return failure;
    throw failure;
  }
  throw new Error('nothing was refused');
}

test('an empty environment is a whole configuration, on this machine only', () => {
  const config = readConfig({}, {});
  expect(config).toMatchObject({ port: 4200, host: '127.0.0.1', duties: ['processes', 'notices', 'relay'] });
  expect(config.evidenceFolder).toBe(join(config.dataFolder, 'evidence'));
  expect(Object.isFrozen(config)).toBe(true);
});

test('a flag wins over the environment, an empty variable counts as none', () => {
  expect(readConfig({ port: '4201' }, { PERENNIAL_PORT: '4300' }).port).toBe(4201);
  expect(readConfig({}, { PERENNIAL_PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 4200 });
});

test('all faults are told at once, with an example, and never a value', () => {
  const failure = refusal(() =>
    readConfig({}, { PERENNIAL_PORT: 'eighty', DATABASE_URL: 'secret-word', PERENNIAL_DUTIES: 'sleep' }),
  );
  expect(failure).toMatchObject({ code: 'E1013', exit: 78 });
  expect(failure.text()).toMatch(/3 faults[^]*PERENNIAL_PORT[^]*4200[^]*DATABASE_URL[^]*PERENNIAL_DUTIES/);
  expect(failure.text()).not.toMatch(/eighty|secret-word|sleep/);
});

test('an unknown key is told with the nearest that exists', () => {
  const failure = refusal(() => readConfig({}, { PERENNIAL_PROT: '1' }));
  expect(failure.text()).toContain('PERENNIAL_PROT (environment): no such key; did you mean PERENNIAL_PORT?');
});

test('a secret may come from a file, and a file that is not there is a fault', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'url');
  writeFileSync(file, 'postgres://app:word@db/perennial\n');
  expect(readConfig({}, { DATABASE_URL_FILE: file }).databaseUrl).toBe('postgres://app:word@db/perennial');
  const failure = refusal(() => readConfig({}, { DATABASE_URL_FILE: `${file}.gone` }));
  expect(failure.text()).toContain('DATABASE_URL_FILE');
});

test('a file with a key may be read by its owner only', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'key');
  writeFileSync(file, 'prn_live_invented\n', { mode: 0o600 });
  expect(readConfig({}, { PERENNIAL_KEY_FILE: file }).key).toBe('prn_live_invented');
  for (const mode of [0o640, 0o604, 0o644]) {
    chmodSync(file, mode);
    const text = refusal(() => readConfig({}, { PERENNIAL_KEY_FILE: file })).text();
    expect(text).toContain('chmod 600');
    expect(text).not.toContain('prn_live_invented');
  }
});

test('a child comes to the same configuration', () => {
  const config = readConfig({ port: '0', duties: 'relay', mailUrl: 'smtp://localhost:25' }, {});
  expect(readConfig({}, environmentFor(config))).toEqual(config);
});

const EXAMPLE = {
  name: 'example',
  issuer: 'https://id.example',
  clientId: 'perennial',
  clientSecret: 'word',
};

test('providers by which people sign in are told as a list, and a child has the same', () => {
  const oidc = [EXAMPLE, { name: 'second', issuer: 'http://[::1]:4300/of/us', clientId: 'x' }];
  const config = readConfig({}, { PERENNIAL_OIDC: JSON.stringify(oidc) });
  expect(config.oidc).toEqual(oidc);
  expect(readConfig({}, environmentFor(config)).oidc).toEqual(oidc);
  expect(readConfig({}, environmentFor(readConfig({}, {}))).oidc).toEqual([]);
});

test.each([
  ['no JSON', 'secret-word'],
  ['no list', JSON.stringify(EXAMPLE)],
  ['plain HTTP elsewhere', JSON.stringify([{ ...EXAMPLE, issuer: 'http://id.example' }])],
  [
    'plain HTTP to what only looks like this machine',
    JSON.stringify([{ ...EXAMPLE, issuer: 'http://127.0.0.1.id.example' }]),
  ],
  ['a password in the address', JSON.stringify([{ ...EXAMPLE, issuer: 'https://secret-word@id.example' }])],
  ['a query', JSON.stringify([{ ...EXAMPLE, issuer: 'https://id.example?x' }])],
  ['a name that is no part of an address', JSON.stringify([{ ...EXAMPLE, name: 'a/b' }])],
  ['two of one name', JSON.stringify([EXAMPLE, EXAMPLE])],
  ['a member that nobody knows', JSON.stringify([{ ...EXAMPLE, roles: 'all' }])],
])('providers are refused that are %s', (_, text) => {
  const told = refusal(() => readConfig({}, { PERENNIAL_OIDC: text })).text();
  expect(told).toContain('PERENNIAL_OIDC: not of the right form');
  expect(told).not.toContain('word');
});

test('a door to the network needs TLS in front of it', () => {
  const open = { PERENNIAL_HOST: '0.0.0.0' };
  expect(refusal(() => refuseOpenDoor(readConfig({}, open)))).toMatchObject({ code: 'E1020' });
  const proxied = {
    ...open,
    PERENNIAL_BEHIND_PROXY: 'true',
    PERENNIAL_PUBLIC_URL: 'https://perennial.example',
  };
  expect(() => refuseOpenDoor(readConfig({}, proxied))).not.toThrow();
  expect(() => refuseOpenDoor(readConfig({}, {}))).not.toThrow();
});

test('keys for payloads are read all or none, a fault says no value, and a child gets the same', () => {
  const [newest, older] = ['a', 'b'].map((id) => `${id}:${Buffer.alloc(32, id).toString('base64')}`);
  const read = (keys: string): Config => readConfig({}, { PERENNIAL_PAYLOAD_KEYS: keys });
  const config = read(`${newest ?? ''}, ${older ?? ''}`);
  expect(config.payloadKeys).toEqual([newest, older]);
  expect(read(environmentFor(config)['PERENNIAL_PAYLOAD_KEYS'] ?? '').payloadKeys).toEqual([newest, older]);
  expect(readConfig({}, {}).payloadKeys).toBeUndefined();
  const twice = `${newest ?? ''},${newest ?? ''}`;
  for (const wrong of [
    'sesame',
    'k:sesame',
    twice,
    `${newest ?? ''},`,
    (newest ?? '').replace('a:', 'sesame/k:'),
  ]) {
    const text = refusal(() => read(wrong)).text();
    expect(text).toMatch(/PERENNIAL_PAYLOAD_KEYS: not of the right form; for example 2026-11:</);
    expect(text).not.toContain('sesame');
  }
});

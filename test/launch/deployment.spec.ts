import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { environmentNames } from '#platform/config.js';

interface Service {
  image: string;
  environment?: Record<string, string>;
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  ports?: string[];
  secrets?: string[];
  privileged?: boolean;
  mem_limit?: string;
}
interface Compose {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
}

const root = resolve(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image.startsWith('perennial:'));

test('database, workflow server, its pages, migrations, API and workers are there', () => {
  const expected = ['postgres', 'temporal', 'temporal-ui', 'migrate', 'api', 'worker', 'notices', 'mail'];
  expect(Object.keys(compose.services).sort()).toEqual(expected.sort());
});

test('every variable that is given to Perennial is one that it reads', () => {
  const known = environmentNames();
  for (const [name, { environment = {} }] of ours) {
    expect([name, Object.keys(environment).filter((variable) => !known.includes(variable))]).toEqual([
      name,
      [],
    ]);
  }
});

test('every image names its version', () => {
  for (const [, { image }] of services) {
    expect(image).toMatch(/:(v?\d+\.\d+(\.\d+)?|\$\{PERENNIAL_VERSION:-\d+\.\d+\.\d+\})$/);
  }
  const froms = readFileSync(join(root, 'Dockerfile'), 'utf8').match(/^FROM \S+/gm) ?? [];
  expect(froms).toEqual(['FROM node:24.21.0-slim', 'FROM node:24.21.0-slim']);
});

test('every service tells its health or runs once, has a limit, and nothing is privileged', () => {
  for (const [name, { healthcheck, mem_limit: limit, privileged }] of services) {
    expect([name, healthcheck?.test !== undefined || (name === 'migrate' && healthcheck?.disable)]).toEqual([
      name,
      true,
    ]);
    expect(limit).toMatch(/^\d+[mg]$/);
    expect(privileged).toBeUndefined();
  }
});

test('each waits for what it needs by its health, and the API for no workflow server', () => {
  for (const [, { depends_on: needs = {} }] of services) {
    for (const { condition } of Object.values(needs)) {
      expect(['service_healthy', 'service_completed_successfully']).toContain(condition);
    }
  }
  expect(Object.keys(compose.services['api']?.depends_on ?? {})).toEqual(['migrate']);
});

test('no database is published, and what is published is on this machine only', () => {
  expect(compose.services['postgres']?.ports).toBeUndefined();
  expect(compose.services['temporal']?.ports).toBeUndefined();
  for (const port of services.flatMap(([, { ports = [] }]) => ports)) expect(port).toMatch(/^127\.0\.0\.1:/);
});

test('secrets come from files that the repository does not have', () => {
  const asked = new Set(services.flatMap(([, { secrets = [] }]) => secrets));
  expect([...asked].sort()).toEqual(Object.keys(compose.secrets).sort());
  expect(readFileSync(join(root, '.gitignore'), 'utf8')).toContain('/secrets/');
  const made = readFileSync(join(root, 'apps/cli/commands/secrets.ts'), 'utf8');
  for (const [name, { file }] of Object.entries(compose.secrets)) {
    expect(file).toBe(`./secrets/${name}`);
    expect(made).toContain(name);
  }
  expect(text).not.toMatch(/PASSWORD: |PWD: |postgres:\/\/[^/]*:/);
});

test('the image is made from what is there, and runs as nobody in particular', () => {
  const lines = readFileSync(join(root, 'Dockerfile'), 'utf8').split('\n');
  const copied = lines
    .filter((line) => /^COPY (?!--from)/.test(line))
    .flatMap((line) => line.split(' ').slice(1, -1));
  expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(lines).toContain('USER 10001');
  const programs = ours.flatMap(([, service]) => (service as { command?: string[] }).command?.[0] ?? []);
  for (const program of programs) expect(program).toMatch(/^dist\/apps\/(api|worker|cli)\/main\.js$/);
});

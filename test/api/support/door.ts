import 'reflect-metadata';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { routes } from '#contract/routes/all.js';
import { problemShape, type Problem } from '#contract/problem.js';
import { openDatabase } from '#database/data-source.js';
import { makeFirstKey } from '#database/first-key.js';
import { makeLog } from '#platform/log.js';
import { makeApi } from '../../../apps/api/make-api.js';
import { freshDatabase, type TestDatabase } from '../../support/postgres.js';

export interface Sent {
  token?: string;
  body?: unknown;
  key?: string | null;
  version?: number;
  headers?: Record<string, string>;
}

export interface Got {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  body: any;
}

export interface Door {
  database: TestDatabase;
  source: DataSource;
  evidenceFolder: string;
  /** The first key of the installation. */
  key: string;
  app: NestFastifyApplication;
  commits: () => number;
  call: (method: string, path: string, sent?: Sent) => Promise<Got>;
  close: () => Promise<void>;
}

let keys = 0;
const root = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

/** A migrated database with its first key, and the API in front of it. */
export async function openDoor(): Promise<Door> {
  const database = await freshDatabase();
  const key = await makeFirstKey(database.ownerUrl);
  const source = await openDatabase(database.appUrl, 'app', 20);
  const evidenceFolder = mkdtempSync(join(tmpdir(), 'evidence-'));
  let commits = 0;
  const ground = {
    source,
    evidenceFolder,
    pageSecret: 'a secret of the test',
    looks: { database: async () => 'ok' as const },
    documents: { manifest: root('package.json'), openapi: root('openapi.json') },
    committed: () => (commits += 1),
  };
  const app = await makeApi(ground, makeLog('api', process.env['API_LOG'] ?? 'silent'));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    ...{ database, source, evidenceFolder, key, app },
    commits: () => commits,
    call: (method, path, sent) => call(app, method, path, sent),
    close: async () => {
      await app.close();
      await source.destroy();
    },
  };
}

async function call(
  app: NestFastifyApplication,
  method: string,
  path: string,
  sent: Sent = {},
): Promise<Got> {
  const { token, body, key = `key-${++keys}`, version, headers = {} } = sent;
  const response = await app.inject({
    method: method as 'GET',
    url: path,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(key !== null && method !== 'GET' ? { 'idempotency-key': key } : {}),
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
  });
  const got = { status: response.statusCode, headers: { ...response.headers }, text: response.payload };
  const parsed = { ...got, body: parse(response.payload) };
  validate(method, path, parsed);
  return parsed;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Every answer of every test is held against the contract. */
function validate(method: string, path: string, { status, body, headers }: Got): void {
  if (status === 304 || body === undefined) return;
  if (status >= 400) {
    if (String(headers['content-type']).startsWith('application/problem+json')) problemShape.parse(body);
    return;
  }
  const [plain = ''] = path.split('?');
  const route = routes.find((one) => one.method === method && matches(one.path, plain));
  route?.answer.parse(body);
}

function matches(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, place) => part.startsWith('{') || part === given[place])
  );
}

export const problem = ({ body }: Got): Problem => body;

import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type Agent, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { Client } from '#client/client.js';
import { problemShape, type Problem } from '#contract/problem.js';
import { openDatabase } from '#database/data-source.js';
import { makeFirstKey } from '#database/first-key.js';
import { Bell } from '#platform/bell.js';
import { makeLog } from '#platform/log.js';
import { untraced } from '#platform/tracing.js';
import type { Ground } from '../../../apps/api/app.module.js';
import { makeApi } from '../../../apps/api/make-api.js';
import { freshDatabase, type TestDatabase } from '../../support/postgres.js';

/** A request as a stranger may write it, right or wrong. */
export interface Sent {
  readonly token?: string;
  readonly key?: string;
  readonly version?: number | string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose connections are used. */
  readonly agent?: Agent;
}

export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** What lies behind the door, to see what a request has left there. */
export interface Behind {
  readonly database: TestDatabase;
  readonly evidenceFolder: string;
}

/** What a door may be given in place of the usual. */
export type Ways = Partial<
  Pick<
    Ground,
    'looks' | 'behindProxy' | 'requestsPerMinute' | 'bodyMs' | 'publicUrl' | 'providers' | 'tracing'
  >
>;

/** A running API: its address, and the ways in which it ends. */
interface Running {
  readonly url: string;
  readonly source: DataSource;
  /** Ends it; requests that are under way are cut off when it is `hard`. */
  readonly end: (hard: boolean) => Promise<void>;
}

/** The API on a port of its own, in front of a migrated database with its first key. */
export class ApiDoor {
  private constructor(
    /** The first key of the installation. */
    readonly key: string,
    readonly behind: Behind,
    private readonly start: () => Promise<Running>,
    private running: Running,
  ) {}

  static async open(ways: Ways = {}): Promise<ApiDoor> {
    const database = await freshDatabase();
    const evidenceFolder = mkdtempSync(join(tmpdir(), 'evidence-'));
    return ApiDoor.before({ database, evidenceFolder }, await makeFirstKey(database.ownerUrl), ways);
  }

  /** A door in front of a database that is there already. */
  static async before(behind: Behind, key: string, ways: Ways = {}): Promise<ApiDoor> {
    const start = (): Promise<Running> => run(behind, ways);
    return new ApiDoor(key, behind, start, await start());
  }

  get url(): string {
    return this.running.url;
  }

  /** The connections of the API. */
  get source(): DataSource {
    return this.running.source;
  }

  /** Ends the program, in the midst of whatever it does when it is `hard`, and starts another on the same database. */
  async restart(hard = false): Promise<void> {
    await this.running.end(hard);
    this.running = await this.start();
  }

  async close(): Promise<void> {
    await this.running.end(false);
    rmSync(this.behind.evidenceFolder, { recursive: true, force: true });
  }

  /** The typed client of whoever holds the token; without one, of the first key. */
  as(token = this.key): Client {
    return new Client(this.url, token);
  }

  /** One request, byte for byte as it is given. */
  send(method: string, path: string, sent: Sent = {}): Promise<Got> {
    return send(this.url, method, path, sent);
  }

  /** The problem that answers a request; it must be one. */
  async problem(method: string, path: string, sent: Sent = {}): Promise<Problem> {
    return problemIn(await this.send(method, path, sent));
  }
}

/** One request to whatever listens at an address. */
export function send(
  address: string,
  method: string,
  path: string,
  { token, key, version, body, headers = {}, agent }: Sent = {},
): Promise<Got> {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const sent = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(version === undefined ? {} : { 'if-match': `"${String(version)}"` }),
    ...(text === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
  return answerTo(new URL(path, address), { method, headers: sent, agent }, text);
}

/** The problem in an answer; it must be one. */
export function problemIn({ headers, bytes, status }: Got): Problem {
  expect(headers['content-type']).toContain('application/problem+json');
  const problem = problemShape.parse(JSON.parse(bytes.toString()));
  expect(problem.status).toBe(status);
  return problem;
}

async function run({ database, evidenceFolder }: Behind, ways: Ways): Promise<Running> {
  const source = await openDatabase(database.appUrl, 'app', 20);
  const ground = {
    ...{
      source,
      evidenceFolder,
      publicUrl: 'http://127.0.0.1',
      providers: [],
      behindProxy: false,
      requestsPerMinute: 0,
      registry: new Registry(),
      tracing: untraced,
      pageSecret: 'a secret of the test',
      committed: () => undefined,
      over: new Bell(),
    },
    looks: { database: () => Promise.resolve('ok' as const) },
    documents: { manifest: 'package.json', openapi: 'openapi.json' },
    ...ways,
  };
  const app = await makeApi(ground, makeLog('api', 'silent'));
  await app.listen(0, '127.0.0.1');
  const end = async (hard: boolean): Promise<void> => {
    const closed = app.close();
    if (hard) app.getHttpServer().closeAllConnections();
    await closed;
    await source.destroy();
  };
  return { url: await app.getUrl(), source, end };
}

function answerTo(url: URL, options: RequestOptions, text: string | undefined): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

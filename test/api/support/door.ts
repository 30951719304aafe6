import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { Client } from '#client/client.js';
import { problemShape, type Problem } from '#contract/problem.js';
import { openDatabase } from '#database/data-source.js';
import { makeFirstKey } from '#database/first-key.js';
import { makeLog } from '#platform/log.js';
import { makeApi } from '../../../apps/api/make-api.js';
import { freshDatabase, type TestDatabase } from '../../support/postgres.js';

/** A request as a stranger may write it, right or wrong. */
export interface Sent {
  readonly token?: string;
  readonly key?: string;
  readonly version?: number | string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** What lies behind the door, to see what a request has left there. */
export interface Behind {
  readonly database: TestDatabase;
  readonly source: DataSource;
  readonly evidenceFolder: string;
}

/** The API on a port of its own, in front of a migrated database with its first key. */
export class ApiDoor {
  private constructor(
    readonly url: string,
    /** The first key of the installation. */
    readonly key: string,
    readonly behind: Behind,
    private readonly stop: () => Promise<void>,
  ) {}

  static async open(): Promise<ApiDoor> {
    const database = await freshDatabase();
    const key = await makeFirstKey(database.ownerUrl);
    const source = await openDatabase(database.appUrl, 'app', 20);
    const evidenceFolder = mkdtempSync(join(tmpdir(), 'evidence-'));
    const ground = {
      ...{ source, evidenceFolder, pageSecret: 'a secret of the test', committed: () => undefined },
      looks: { database: () => Promise.resolve('ok' as const) },
      documents: { manifest: 'package.json', openapi: 'openapi.json' },
    };
    const app = await makeApi(ground, makeLog('api', 'silent'));
    await app.listen(0, '127.0.0.1');
    const stop = async (): Promise<void> => {
      await app.close();
      await source.destroy();
      rmSync(evidenceFolder, { recursive: true });
    };
    return new ApiDoor(await app.getUrl(), key, { database, source, evidenceFolder }, stop);
  }

  close(): Promise<void> {
    return this.stop();
  }

  /** The typed client of whoever holds the token; without one, of the first key. */
  as(token = this.key): Client {
    return new Client(this.url, token);
  }

  /** One request, byte for byte as it is given. */
  send(method: string, path: string, { token, key, version, body, headers = {} }: Sent = {}): Promise<Got> {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const sent = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(version === undefined ? {} : { 'if-match': `"${String(version)}"` }),
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    return answerTo(new URL(path, this.url), method, sent, text);
  }

  /** The problem that answers a request; it must be one. */
  async problem(method: string, path: string, sent: Sent = {}): Promise<Problem> {
    const { headers, bytes, status } = await this.send(method, path, sent);
    expect(headers['content-type']).toContain('application/problem+json');
    const problem = problemShape.parse(JSON.parse(bytes.toString()));
    expect(problem.status).toBe(status);
    return problem;
  }
}

function answerTo(
  url: URL,
  method: string,
  headers: Record<string, string>,
  text: string | undefined,
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (answer) => {
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

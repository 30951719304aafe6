import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Log } from '#platform/log.js';
import type { Tracing } from '#platform/tracing.js';
import type { Registry } from 'prom-client';
import { AnswerInterceptor } from './answer.js';
import { BODY_MS, expectBody } from './body-time.js';
import type { Doorman } from './doorman.js';
import type { Reply, Request } from './fastify.js';
import { LARGEST_FILE, LARGEST_JSON, readJson } from './json.js';
import { Limiter } from './limiter.js';
import { Requests } from '../metrics/requests.js';
import { ProblemFilter } from './problem.filter.js';
import { routeOf } from './serves.js';
import { beginSpan, endSpan } from './spans.js';
import { refuseUnreadable } from './unreadable.js';
import { requestId, visitOf } from './visit.js';

const LARGEST_HEADERS = 16 * 1024;
const HEADERS_MS = 30_000;

/** Nest reads no bodies, and our log is the only one. */
const options = Object.freeze({ bodyParser: false, logger: false });

/** Every part of a form comes as a stream of bytes: nothing but our own code reads JSON, or says how long it may be. */
const filesOnly = {
  isPartAFile: () => true,
  throwFileSizeLimit: false,
  limits: { fileSize: LARGEST_FILE, parts: 3, headerPairs: 20 },
};

/** Answers are data: a browser that shows one loads and runs nothing. A page says for itself what it needs. */
const nothingLoaded = {
  useDefaults: false,
  directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
};

/** Who comes through the door, and how often. */
export interface Knocks {
  /** True where a proxy stands in front, and says who is asking. */
  readonly behindProxy: boolean;
  /** The numbers of this program. */
  readonly registry: Registry;
  readonly tracing: Tracing;
  /** How many requests a minute of one person are taken; no limit where it is 0. */
  readonly requestsPerMinute: number;
  /** Within how many milliseconds a body is there; the usual, when it is not said. */
  readonly bodyMs?: number;
}

/** The HTTP side of the program: parsers, the doorman in front, one shape for answers and one for problems. */
export async function makeServer(
  module: DynamicModule,
  doorman: Doorman,
  { behindProxy, requestsPerMinute, bodyMs = BODY_MS, registry, tracing }: Knocks,
  log: Log,
): Promise<NestFastifyApplication> {
  const filter = new ProblemFilter(log);
  const adapter = new FastifyAdapter({
    bodyLimit: LARGEST_JSON,
    // The nearest proxy alone is believed: what stands before its word, anybody can write.
    trustProxy: behindProxy ? (_address, hop) => hop === 0 : false,
    // Of whole requests it knows one limit, which a large file would never meet: see body-time.ts.
    requestTimeout: 0,
    http: { maxHeaderSize: LARGEST_HEADERS, headersTimeout: HEADERS_MS },
    frameworkErrors: (error: unknown, request: Request, reply: Reply) => filter.tell(error, request, reply),
    clientErrorHandler: refuseUnreadable,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
  takeJson(adapter);
  await app.register(helmet, { contentSecurityPolicy: nothingLoaded });
  await app.register(multipart, filesOnly);
  const limiter = requestsPerMinute > 0 ? await Limiter.of(app, requestsPerMinute) : undefined;
  adapter.setOnRequestHook(async (request, reply) => {
    void reply.header('request-id', requestId(request));
    expectBody(request, reply, bodyMs);
    beginSpan(request, reply, tracing);
    await doorman.admit(request);
    await limiter?.count(request, reply);
  });
  const requests = new Requests(registry);
  adapter.getInstance().addHook('onResponse', (request: Request, reply: Reply, done: () => void) => {
    requests.note(routeOf(request)?.name, reply.statusCode, reply.elapsedTime / 1000);
    endSpan(request, reply);
    done();
  });
  app.useGlobalFilters(filter);
  app.useGlobalInterceptors(new AnswerInterceptor());
  return app;
}

/** JSON is read by us, and its bytes are kept: the fingerprint of a request is made of them. */
function takeJson(adapter: FastifyAdapter): void {
  const instance = adapter.getInstance();
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    async (request: Request, body: Buffer): Promise<unknown> => {
      visitOf(request).body = body;
      return Promise.resolve(readJson(body));
    },
  );
}

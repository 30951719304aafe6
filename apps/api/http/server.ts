import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Log } from '#platform/log.js';
import { AnswerInterceptor } from './answer.js';
import type { Doorman } from './doorman.js';
import type { Request } from './fastify.js';
import { LARGEST_JSON, readJson } from './json.js';
import { ProblemFilter } from './problem.filter.js';
import { requestId, visitOf } from './visit.js';

const LARGEST_HEADERS = 16 * 1024;
const REQUEST_MS = 30_000;

/** Nest reads no bodies, and our log is the only one. */
const options = Object.freeze({ bodyParser: false, logger: false });

/** The HTTP side of the program: parsers, the doorman in front, one shape for answers and one for problems. */
export async function makeServer(
  module: DynamicModule,
  doorman: Doorman,
  log: Log,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: LARGEST_JSON,
    requestTimeout: REQUEST_MS,
    http: { maxHeaderSize: LARGEST_HEADERS },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
  takeJson(adapter);
  adapter.setOnRequestHook(async (request, reply) => {
    void reply.header('request-id', requestId(request)).header('x-content-type-options', 'nosniff');
    await doorman.admit(request);
  });
  app.useGlobalFilters(new ProblemFilter(log));
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

import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { problemShape } from '#contract/problem.js';
import { routes } from '#contract/routes/all.js';
import type { Route } from '#contract/route.js';

/** The contract as an OpenAPI 3.1 document: made from the records of the routes, and from nothing else. */
export function openapiText(version: string): string {
  const document = createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Perennial',
      version,
      description: 'ISO/IEC 42001 certification as durable processes that live for years.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This installation.' }],
    tags: [...new Set(routes.map(tagOf))].toSorted().map((name) => ({ name })),
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key, or a token of a person.' },
      },
      responses: { Problem: { description: 'A problem; `x-problems` lists its codes.', content: problem } },
    },
    paths: pathsOf(routes),
  });
  return `${JSON.stringify(document, null, 2)}\n`;
}

const problem = { 'application/problem+json': { schema: problemShape } };

const tagOf = ({ kind, collection }: Route): string => (kind === 'page' ? 'system' : collection);

function pathsOf(all: readonly Route[]): ZodOpenApiPathsObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of all) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { name, does, params, query, kind, scope } = route;
  const path = Object.fromEntries(params.map((param) => [param, pathWords[param] ?? z.string()]));
  return {
    operationId: `${tagOf(route)}-${name}${kind === 'command' && route.command?.under ? '-again' : ''}`,
    summary: does,
    tags: [tagOf(route)],
    security: scope === 'open' ? [] : [{ key: [] }],
    requestParams: { path: z.object(path), query, header: z.object(headersOf[kind]) },
    ...bodyOf(route),
    responses: {
      ...answersOf(route),
      default: { $ref: '#/components/responses/Problem' },
    },
    'x-problems': route.problems.toSorted(),
  };
}

const pathWords: Readonly<Record<string, z.ZodType>> = {
  id: z.string().meta({ description: 'Its id, or its number for people.' }),
  code: z.string().meta({ description: 'A code of the registry.' }),
  name: z.string().meta({ description: 'Name of the process.' }),
  subject: z.string().meta({ description: 'Id of the thing whose life it follows.' }),
  provider: z.string().meta({ description: 'Name of the provider, as this installation calls it.' }),
};

const key = z
  .string()
  .min(1)
  .max(255)
  .meta({
    description: 'Makes a retry safe: a new one for each act, the same one for each retry.',
    examples: ['7f0c2b1e-new-site'],
  });
const read = z.string().meta({ description: 'The version that you have read.', examples: ['"41"'] });
const known = z.string().optional().meta({ description: 'The ETag of what you have.' });
const dryRun = z.enum(['true']).optional().meta({ description: 'Everything but the commit.' });
const wait = z
  .string()
  .optional()
  .meta({ description: 'For how many seconds to hold the line.', examples: ['wait=20'] });

const readHeaders = { 'If-None-Match': known };
const makeHeaders = { 'Idempotency-Key': key, 'Perennial-Dry-Run': dryRun };

/** What a request of each kind may have in front. */
const headersOf: Readonly<Record<Route['kind'], z.ZodRawShape>> = {
  ...{ read: readHeaders, list: readHeaders, page: {}, entry: {}, remove: {}, mark: {} },
  ...{ create: makeHeaders, command: { ...makeHeaders, 'If-Match': read } },
  ...{ operation: { 'Idempotency-Key': key, Prefer: wait }, upload: { 'Idempotency-Key': key } },
};

function bodyOf({ body, kind }: Route): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  if (kind === 'upload')
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema: upload } } } };
  if (body === undefined) return {};
  const required = !body.safeParse({}).success;
  return { requestBody: { required, content: { 'application/json': { schema: body } } } };
}

const upload = z.object({
  metadata: z.string().meta({ description: 'JSON: what is said of the file.' }),
  file: z.string().meta({ description: 'The bytes.', format: 'binary' }),
});

/** By the statuses with which a route succeeds: what is held on to may be over, and what is dry has made nothing. */
function answersOf({ kind, status, answer, does, streams, file = 'application/json' }: Route) {
  const followed = streams === true ? { 'text/event-stream': { schema: z.string() } } : {};
  const whole = { description: does, content: { [file]: { schema: answer }, ...followed } };
  const bare = { description: does };
  return {
    [String(status)]: status === 204 || status === 302 ? bare : whole,
    ...(kind === 'operation' ? { '200': { ...whole, description: 'It is over already.' } } : {}),
    ...(kind === 'create' ? { '200': { ...whole, description: 'What a dry run would have made.' } } : {}),
    ...(kind === 'read' || kind === 'list' ? { '304': { description: 'It stands as you have it.' } } : {}),
  };
}

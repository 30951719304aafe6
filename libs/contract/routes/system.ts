import { z } from 'zod';
import { route } from '../route.js';

const health = z
  .looseObject({
    status: z.enum(['ok', 'degraded', 'down']).meta({ description: 'How it is.' }),
    parts: z.record(z.string(), z.string()).meta({ description: 'How each part is.' }),
  })
  .meta({ id: 'Health', description: 'How Perennial is, part by part.' });

const words = z.unknown().meta({ description: 'The document.' });

/** What programs that watch over Perennial ask, and what everybody may read. */
export const system = {
  live: route({
    name: 'live',
    does: 'Says that the program runs.',
    kind: 'page',
    path: '/livez',
    answer: health,
  }),
  ready: route({
    name: 'ready',
    does: 'Says whether requests are taken, and which parts are away.',
    kind: 'page',
    path: '/readyz',
    answer: health,
  }),
  version: route({
    name: 'version',
    does: 'Says which release runs.',
    kind: 'page',
    path: '/v1/version',
    answer: z
      .looseObject({
        name: z.string(),
        version: z.string().meta({ description: 'The release.' }),
        node: z.string(),
      })
      .meta({ id: 'Version', description: 'The release that runs.' }),
  }),
  openapi: route({
    name: 'openapi',
    does: 'This document.',
    kind: 'page',
    path: '/openapi.json',
    answer: words,
  }),
  problem: route({
    name: 'problem',
    does: 'Explains one code.',
    kind: 'page',
    path: '/problems/{code}',
    answer: z
      .looseObject({ code: z.string(), status: z.int(), title: z.string(), hint: z.string().nullable() })
      .meta({ id: 'ProblemKind', description: 'A code of the registry, explained.' }),
    problems: ['not-found'],
  }),
};

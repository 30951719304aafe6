import { z } from 'zod';
import { pageOf, pageQuery } from '../page.js';
import { route } from '../route.js';
import { entryShape, id } from '../shapes.js';

const row = entryShape
  .extend({
    position: z.int().meta({ description: 'Later entries have a higher one; there may be gaps.' }),
  })
  .meta({ id: 'FeedEntry', description: 'A fact, with its place among all.' });

/** The ledger, as far as you may see it. All that is committed is shown at once, so what commits late comes in between. */
export const entries = {
  list: route({
    name: 'listEntries',
    does: 'Lists facts in the order in which they were recorded.',
    kind: 'list',
    path: '/v1/entries',
    query: {
      ...pageQuery,
      programme: id('prg').exactOptional(),
      sandbox: id('sbx')
        .exactOptional()
        .meta({ description: 'Only entries of the organisations that live on its clock.' }),
      after: z
        .string()
        .regex(/^\d{1,18}$/)
        .exactOptional()
        .meta({
          description: 'Only entries with a higher position. To follow, the `cursor` of the last answer.',
          examples: ['4711'],
        }),
    },
    answer: pageOf(row).extend({
      cursor: z.string().meta({
        description:
          'Where to go on so that nothing is missed: up to this position nothing is recorded any more, between later rows something may be. Whoever follows takes the rows up to it and asks behind it. With a `pageToken` it speaks of that page alone.',
        examples: ['4711'],
      }),
    }),
  }),
};

import { z } from 'zod';
import { pageQuery } from '../page.js';
import { listOf } from '../route.js';
import { entryShape, id } from '../shapes.js';

/** The ledger, as far as you may see it. */
export const entries = {
  list: listOf({
    name: 'listEntries',
    does: 'Lists facts in the order in which they were recorded.',
    path: '/v1/entries',
    row: entryShape
      .extend({
        position: z.int().meta({ description: 'Later entries have a higher one; there may be gaps.' }),
      })
      .meta({ id: 'FeedEntry', description: 'A fact, with its place among all.' }),
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
        .meta({ description: 'Only entries with a higher position.', examples: ['4711'] }),
    },
  }),
};

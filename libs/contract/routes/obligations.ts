import { z } from 'zod';
import { pageQuery } from '../page.js';
import { listOf } from '../route.js';
import { civilDate, id, obligationShape } from '../shapes.js';

/** What is owed, over all that you may see. */
export const obligations = {
  list: listOf({
    name: 'listObligations',
    does: 'Lists what is owed, the earliest date first.',
    path: '/v1/obligations',
    row: obligationShape,
    query: {
      ...pageQuery,
      programme: id('prg').exactOptional(),
      thing: z.string().min(1).max(40).exactOptional().meta({ description: 'Id of the thing that owes it.' }),
      dueBefore: civilDate().exactOptional().meta({ description: 'Due on this day or earlier.' }),
    },
  }),
};

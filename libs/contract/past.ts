import type { z } from 'zod';
import { pageOf, pageQuery } from './page.js';
import { route, type RouteWords } from './route.js';
import { dayOrInstant, instant, pastMembers } from './shapes.js';

/** The parameters of a look at the past; each may stand alone. */
export const pastQuery = {
  asOf: dayOrInstant().exactOptional().meta({
    description:
      'What counted then: a day, until its end in the governing zone of the programme, or an instant. Not in the future. The answer has no actions.',
  }),
  knownAt: instant().exactOptional().meta({
    description:
      'What had been recorded by then; without it, all that is known now. Not in the future. The answer has no actions.',
  }),
};

/** What a look at the past can be refused for. */
export const pastProblems = ['as-of-in-future', 'not-yet-there'] as const;

type PastListWords<Row> = Omit<RouteWords<unknown, unknown>, 'kind' | 'answer'> & { readonly row: Row };

/** A list that can also be asked as it was: its rows, its filters, the parameters of paging and of the past. */
export const pastListOf = <Row extends z.ZodType>({ row, query, ...rest }: PastListWords<Row>) =>
  route({
    ...rest,
    kind: 'list',
    query: { ...pageQuery, ...pastQuery, ...query },
    answer: pageOf(row).extend(pastMembers),
    problems: pastProblems,
  });

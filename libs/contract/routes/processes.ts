import { z } from 'zod';
import { pageQuery } from '../page.js';
import { listOf, route } from '../route.js';
import { id } from '../shapes.js';

const process = z
  .looseObject({
    id: z.string().meta({
      description: 'Its name and its subject.',
      examples: ['corrective-action/fnd_01k9zq4v8e7m3x5t2c6b0n1r9s'],
    }),
    object: z.literal('process'),
    name: z.string().meta({ description: 'Which process it is.' }),
    subject: z.string().meta({ description: 'The thing whose life it follows.' }),
    programme: z.string().nullable().meta({ description: 'The programme of the thing.' }),
    status: z.string().meta({ description: 'open or closed.' }),
    facts: z.int().meta({ description: 'How many facts the thing has.' }),
    told: z.int().meta({ description: 'How many of them were told to the process.' }),
    agenda: z
      .array(z.looseObject({ label: z.string(), on: z.string().nullable(), due: z.string().nullable() }))
      .meta({ description: 'What it waits for.' }),
  })
  .meta({ id: 'Process', description: 'A process, and what it waits for.' });

/** What waits for what: read-only, since runs are derived from the ledger. */
export const processes = {
  list: listOf({
    name: 'listProcesses',
    does: 'Lists processes and what each waits for.',
    path: '/v1/processes',
    row: process,
    query: {
      ...pageQuery,
      programme: id('prg').exactOptional(),
      subject: z.string().min(1).max(40).exactOptional().meta({ description: 'Id of the thing.' }),
      status: z.enum(['open', 'closed']).exactOptional().meta({ description: 'Open or closed.' }),
    },
  }),
  get: route({
    name: 'getProcess',
    does: 'Shows one process.',
    kind: 'read',
    path: '/v1/processes/{name}/{subject}',
    answer: process,
  }),
};

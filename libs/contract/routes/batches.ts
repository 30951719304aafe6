import { z } from 'zod';
import { route } from '../route.js';

const MOST = 100;

const one = z.strictObject({
  command: z
    .string()
    .min(1)
    .max(100)
    .meta({ description: 'The command.', examples: ['claimTask'] }),
  target: z
    .string()
    .min(1)
    .max(40)
    .exactOptional()
    .meta({
      description: 'Id of the thing; left out for a command that makes one.',
      examples: ['tsk_01k9…'],
    }),
  version: z
    .int()
    .min(1)
    .exactOptional()
    .meta({ description: 'The version that you have read, as in If-Match.' }),
  input: z
    .record(z.string(), z.unknown())
    .exactOptional()
    .meta({ description: 'The body of the route of this command.' }),
});

const done = z
  .looseObject({
    status: z.int().meta({ description: 'As the route of the command would have answered.' }),
    body: z.unknown().meta({ description: 'The thing after the command, or a problem.' }),
  })
  .meta({ id: 'BatchResult', description: 'What came of one command.' });

/** The body of a batch. */
export const batchBody = z
  .strictObject({
    commands: z.array(one).min(1).max(MOST).meta({ description: 'The commands, in their order.' }),
  })
  .meta({ id: 'RunBatch', description: 'What runBatch needs.' });

/** Several commands in one request: each as if it had come alone, and no way round a rule. */
export const batches = {
  run: route({
    name: 'runBatch',
    does: 'Issues up to 100 commands, one after the other; each is done or refused for itself.',
    kind: 'create',
    path: '/v1/batches',
    status: 200,
    body: batchBody,
    answer: z
      .looseObject({
        data: z.array(done).meta({ description: 'One result for each command, in the same order.' }),
      })
      .meta({ id: 'Batch', description: 'What came of each command.' }),
  }),
};

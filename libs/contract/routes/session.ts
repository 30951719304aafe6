import { z } from 'zod';
import { route } from '../route.js';

/** Who am I. */
export const session = {
  get: route({
    name: 'getSession',
    does: 'Says who you are here, and in which roles.',
    kind: 'read',
    path: '/v1/session',
    answer: z
      .looseObject({
        principal: z.string().meta({ description: 'Your account.' }),
        organisation: z.string().meta({ description: 'The organisation for which you act.' }),
        scopes: z.array(z.string()).meta({ description: 'What your key may be used for; empty for people.' }),
        grants: z.array(z.unknown()).meta({ description: 'Your roles, with their days.' }),
      })
      .meta({ id: 'Session', description: 'Who you are here.' }),
  }),
};

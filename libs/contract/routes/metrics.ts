import { z } from 'zod';
import { route } from '../route.js';

/** How the installation stands, in numbers. For whoever runs it. */
export const metrics = {
  read: route({
    name: 'readMetrics',
    does: 'Tells in numbers how the installation stands, as Prometheus reads them.',
    kind: 'read',
    path: '/v1/metrics',
    scope: 'watch',
    answer: z.unknown().meta({ description: 'Lines of the text format of Prometheus.' }),
    file: 'text/plain',
  }),
};

import { evidenceKinds } from '#domain/evidence/evidence.js';
import { z } from 'zod';
import { route } from '../route.js';

const template = {
  name: z.string().meta({ description: 'By which it is asked for.', examples: ['risk-register'] }),
  title: z.string().meta({ description: 'What it is called.', examples: ['Risk register'] }),
  documentKind: z.enum(evidenceKinds).meta({ description: 'What it is once it is filed as evidence.' }),
};

/** Documents to begin with. */
export const templates = {
  list: route({
    name: 'listTemplates',
    does: 'Lists the documents to begin with.',
    kind: 'read',
    path: '/v1/programmes/{id}/templates',
    answer: z.looseObject({
      data: z.array(
        z
          .looseObject({
            ...template,
            url: z.string().meta({ description: 'Where it is, filled for this programme.' }),
          })
          .meta({ id: 'TemplateListed', description: 'A document to begin with.' }),
      ),
    }),
  }),
  get: route({
    name: 'getTemplate',
    does: 'Writes a document to begin with, filled with the scope, the systems and the gap analysis of a programme.',
    kind: 'read',
    path: '/v1/programmes/{id}/templates/{template}',
    answer: z
      .looseObject({
        object: z.literal('template'),
        ...template,
        text: z.string().meta({ description: 'The document as Markdown.' }),
      })
      .meta({ id: 'Template', description: 'A document to begin with.' }),
  }),
};

import { webhookEndpointMachine } from '#domain/webhook-endpoint/webhook-endpoint.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { pageQuery } from '../page.js';
import { listOf, route } from '../route.js';
import { id, nothing, text } from '../shapes.js';

const MOST_TYPES = 50;

/** Whether the address behind it is anybody's to call is looked up each time before it is called. */
const isCallable = (words: string): boolean => {
  const url = URL.canParse(words) ? new URL(words) : undefined;
  return (
    url?.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    !/[#\\\s]/.test(words) &&
    url.port !== '0'
  );
};

const address = () =>
  z
    .string()
    .max(2_000)
    .refine(isCallable, {
      error: 'Write an address like https://hooks.example.org/perennial, without a user and without #.',
      params: { code: 'wrong-form' },
    })
    .meta({
      description: 'The address that is called, by https.',
      examples: ['https://hooks.example.org/perennial'],
    });

const type = () =>
  z
    .string()
    .max(100)
    .regex(/^perennial\.[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*\.v1$/)
    .meta({ description: 'A type of events.', examples: ['perennial.nonconformity.raised.v1'] });

/** The addresses that are called with what happens. Their secrets are made behind the door and shown once. */
export const webhookEndpoints = collection({
  name: 'webhook-endpoints',
  title: 'WebhookEndpoint',
  machine: webhookEndpointMachine,
  shows: {
    types: z
      .array(z.string())
      .meta({ description: 'The types of events that it is told of; all when there is none.' }),
    publicKey: z
      .string()
      .meta({ description: 'By which `v1a` signatures are checked: `whpk_` and an Ed25519 key in base64.' }),
    givenUpBecause: z.string().nullable().meta({
      description: 'Why Perennial calls it no more: `gone` (410), or `failing` (nothing else for five days).',
    }),
    secret: z.string().nullable().meta({
      description:
        'By which `v1` signatures are checked: `whsec_` and 32 bytes in base64, in the answer that makes it and never again.',
    }),
  },
  inputs: {
    addWebhookEndpoint: z.strictObject({
      address: address(),
      types: z.array(type()).max(MOST_TYPES).exactOptional(),
      description: text(500).exactOptional(),
    }),
    rotateWebhookSecret: nothing(),
    disableWebhookEndpoint: nothing(),
    enableWebhookEndpoint: nothing(),
    removeWebhookEndpoint: nothing(),
  },
});

const statuses = ['pending', 'delivered', 'failed'] as const;
const moment = (description: string) => z.string().nullable().meta({ description });

const delivery = z
  .looseObject({
    id: z.string().meta({ description: 'Its id.' }),
    object: z.literal('webhook-delivery'),
    endpoint: z.string().meta({ description: 'The endpoint that is called.' }),
    event: z.string().meta({ description: 'The id of the event, which is the header `webhook-id`.' }),
    type: z.string().meta({ description: 'The type of the event.' }),
    subject: z.string().meta({ description: 'Id of the thing to which it happened.' }),
    sequence: z.string().meta({ description: 'Its place in your feed.' }),
    status: z.enum(statuses).meta({ description: 'Whether it has arrived, or failed for good.' }),
    attempts: z.int().meta({ description: 'How often it was tried.' }),
    nextAt: moment('When it is tried next; null while it waits for an earlier one of the same thing.'),
    lastStatus: z.int().nullable().meta({ description: 'The HTTP status of the last answer.' }),
    lastError: moment('Why the last attempt came to nothing.'),
    madeAt: z.string().meta({ format: 'date-time', description: 'Since when it is to be made.' }),
    deliveredAt: moment('When it arrived.'),
    links: z.record(z.string(), z.string()),
  })
  .meta({ id: 'WebhookDelivery', description: 'A call that tells an endpoint of one event.' });

/** The calls that tell endpoints of events; kept for thirty days after they are over. */
export const webhookDeliveries = {
  list: listOf({
    name: 'listWebhookDeliveries',
    does: 'Lists calls to your endpoints, the newest first.',
    path: '/v1/webhook-deliveries',
    row: delivery,
    query: {
      ...pageQuery,
      endpoint: id('whk').exactOptional(),
      status: z.enum(statuses).exactOptional().meta({ description: 'Only those that stand so.' }),
    },
  }),
  redeliver: route({
    name: 'redeliverWebhook',
    does: 'Calls once more with the same event, under the same `webhook-id`.',
    kind: 'operation',
    path: '/v1/webhook-deliveries/{id}/redeliver',
    answer: delivery,
  }),
};

import type { Id } from '../actor.js';
import { keepers } from '../api-key/api-key.js';
import {
  nothingYet,
  recorder,
  type CommandRule,
  type Evolvers,
  type Machine,
  type Thing,
} from '../machine.js';

/** Why Perennial calls an address no more: it answered that it is gone, or for days with failures alone. */
export type GivenUpBecause = 'gone' | 'failing';

/** An address that is called with what happens. The address itself is a text: it may hold a secret of its owner. (SUP-0) */
export interface WebhookEndpoint extends Thing {
  readonly kind: 'webhookEndpoint';
  /** The types of events that it is told of; all of them when none is named. */
  readonly types: readonly string[];
  /** By which its receiver checks the `v1a` signature. */
  readonly publicKey: string;
  /** Names of the secrets with which calls are signed; the secrets themselves stand nowhere in the ledger. */
  readonly signsWith: Id;
  /** The secret before that one: it counts for a day more. */
  readonly signedWith?: Id;
  readonly pairedWith: Id;
  readonly givenUpBecause?: GivenUpBecause;
}

/** A new endpoint, with the names of its secrets, which are made behind the door. */
export interface AddWebhookEndpoint {
  readonly address: string;
  readonly types?: readonly string[];
  readonly description?: string;
  readonly signsWith: Id;
  readonly pairedWith: Id;
  readonly publicKey: string;
}

/** The name of the secret that follows. */
export interface RotateWebhookSecret {
  readonly signsWith: Id;
}

/** Why Perennial gives an endpoint up. */
export interface GiveUpWebhookEndpoint {
  readonly because: GivenUpBecause;
}

interface WebhookEndpointEvents {
  'webhook-endpoint.added': Pick<WebhookEndpoint, 'types' | 'signsWith' | 'pairedWith' | 'publicKey'>;
  'webhook-endpoint.secret-rotated': Pick<WebhookEndpoint, 'signsWith'>;
  'webhook-endpoint.disabled': object;
  'webhook-endpoint.given-up': GiveUpWebhookEndpoint;
  'webhook-endpoint.enabled': object;
  'webhook-endpoint.removed': object;
}

const endpoint = recorder<WebhookEndpointEvents>('webhookEndpoint');

const evolve: Evolvers<WebhookEndpoint, WebhookEndpointEvents> = {
  'webhook-endpoint.added': (state, { data }) => ({ ...state, ...data, stage: 'active' }),
  'webhook-endpoint.secret-rotated': (state, { data }) => ({
    ...state,
    signsWith: data.signsWith,
    signedWith: state.signsWith,
  }),
  'webhook-endpoint.disabled': (state) => ({ ...state, stage: 'disabled' }),
  'webhook-endpoint.given-up': (state, { data }) => ({
    ...state,
    givenUpBecause: data.because,
    stage: 'disabled',
  }),
  'webhook-endpoint.enabled': ({ givenUpBecause: _, ...state }) => ({ ...state, stage: 'active' }),
  'webhook-endpoint.removed': (state) => ({ ...state, stage: 'removed' }),
};

/** It belongs to the organisation of whoever adds it: nobody is made to tell others what happens to them. */
const addWebhookEndpoint: CommandRule<WebhookEndpoint, AddWebhookEndpoint> = {
  does: 'Name an address that is called with what happens.',
  who: keepers,
  from: ['none'],
  to: ['active'],
  rules: ['SUP-0'],
  refuses: [],
  record: ({ address, description, types = [], ...names }, { id }, { actor }) => [
    endpoint(
      'webhook-endpoint.added',
      id,
      { ...names, types },
      {
        opens: { organisation: actor.organisation, visibility: 'owner' },
        texts: { address, ...(description === undefined ? {} : { description }) },
      },
    ),
  ],
};

const rotateWebhookSecret: CommandRule<WebhookEndpoint, RotateWebhookSecret> = {
  does: 'Replace the secret; for a day calls are signed with the old one too.',
  who: keepers,
  from: ['active', 'disabled'],
  to: [],
  rules: ['SUP-0'],
  refuses: [],
  record: ({ signsWith }, { id }) => [endpoint('webhook-endpoint.secret-rotated', id, { signsWith })],
};

const disableWebhookEndpoint: CommandRule<WebhookEndpoint> = {
  does: 'Call the address no more for now.',
  who: keepers,
  from: ['active'],
  to: ['disabled'],
  rules: ['SUP-0'],
  refuses: [],
  record: (_, { id }) => [endpoint('webhook-endpoint.disabled', id, {})],
};

const giveUpWebhookEndpoint: CommandRule<WebhookEndpoint, GiveUpWebhookEndpoint> = {
  does: 'Call an address no more that is gone, or has failed for days.',
  who: ['engine'],
  from: ['active'],
  to: ['disabled'],
  rules: ['SUP-0'],
  refuses: [],
  record: ({ because }, { id }) => [endpoint('webhook-endpoint.given-up', id, { because })],
};

const enableWebhookEndpoint: CommandRule<WebhookEndpoint> = {
  does: 'Call the address again, with what happens from now on.',
  who: keepers,
  from: ['disabled'],
  to: ['active'],
  rules: ['SUP-0'],
  refuses: [],
  record: (_, { id }) => [endpoint('webhook-endpoint.enabled', id, {})],
};

const removeWebhookEndpoint: CommandRule<WebhookEndpoint> = {
  does: 'Call the address never again; its secrets are destroyed.',
  who: keepers,
  from: ['active', 'disabled'],
  to: ['removed'],
  rules: ['SUP-0'],
  refuses: [],
  record: (_, { id }) => [endpoint('webhook-endpoint.removed', id, {})],
};

/** The addresses that are called with what happens. Each call is a row and no fact: the ledger tells of the address alone. (SUP-0) */
export const webhookEndpointMachine: Machine<WebhookEndpoint> = {
  kind: 'webhookEndpoint',
  prefix: 'whk',
  id: 'SUP-0',
  stages: ['active', 'disabled', 'removed'],
  ends: ['removed'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'webhookEndpoint',
    types: [],
    publicKey: '',
    signsWith: '',
    pairedWith: '',
  }),
  is: (thing): thing is WebhookEndpoint => thing.kind === 'webhookEndpoint',
  evolve,
  commands: {
    addWebhookEndpoint,
    rotateWebhookSecret,
    disableWebhookEndpoint,
    giveUpWebhookEndpoint,
    enableWebhookEndpoint,
    removeWebhookEndpoint,
  },
};

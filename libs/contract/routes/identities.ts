import { z } from 'zod';
import { pageQuery } from '../page.js';
import { listOf, route } from '../route.js';
import { id } from '../shapes.js';
import { signedIn } from './session.js';

const nothing = () => z.undefined().meta({ description: 'Nothing.' });
const page = () => z.unknown().meta({ description: 'A page for browsers.' });
const secret = (description: string) => z.string().min(1).max(128).meta({ description, writeOnly: true });

const proof = {
  proof: secret('What the page shows at the end of the way to the provider.'),
  verifier: z
    .string()
    .regex(/^[A-Za-z0-9._~-]{43,128}$/)
    .meta({
      description:
        'What only you know who have begun: 43 to 128 characters. `challenge` is the base64url of its SHA-256.',
      writeOnly: true,
      examples: ['dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'],
    }),
};

/** Who signs in by an identity. */
export const proofBody = z.strictObject({
  ...proof,
  account: id('per').exactOptional().meta({ description: 'Which account, where you have several.' }),
});

/** Who links an identity, signed in. */
export const linkBody = z.strictObject(proof);

/** Who links an identity, by a link that was mailed. */
export const linkByLinkBody = z.strictObject({
  ...proof,
  link: secret('What stands behind the # of the link.'),
});

const linked = z
  .looseObject({
    id: z.string().meta({ description: 'Id of the identity.' }),
    mail: z.string().meta({ description: 'Mail address of the account that it opens.' }),
  })
  .meta({ id: 'LinkedIdentity', description: 'An identity that opens an account now.' });

const kept = z
  .looseObject({
    id: z.string().meta({ description: 'Its id.' }),
    object: z.literal('identity'),
    provider: z
      .string()
      .nullable()
      .meta({ description: 'The provider, where it is still one of this installation.' }),
    issuer: z.string().meta({ description: 'Who says so.' }),
    subject: z.string().meta({ description: 'Who you are there.' }),
    linkedAt: z.string().meta({ format: 'date-time', description: 'Since when it opens your account.' }),
    usedAt: z.string().nullable().meta({ format: 'date-time', description: 'When it opened it last.' }),
  })
  .meta({ id: 'Identity', description: 'Who you are at a provider by which you sign in.' });

/** The way of a browser to a provider of identities and back. (OpenID Connect) */
export const providers = {
  begin: route({
    name: 'beginProof',
    does: 'Sends a browser to a provider, where somebody shows who they are.',
    kind: 'page',
    path: '/v1/session/oidc/{provider}',
    status: 302,
    query: {
      challenge: z
        .string()
        .regex(/^[A-Za-z0-9_-]{43}$/)
        .meta({
          description:
            'The base64url of the SHA-256 of your `verifier`: whoever knows that may use the proof.',
          examples: ['E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'],
        }),
    },
    problems: [
      ...(['not-found', 'unknown-parameter', 'invalid-parameter', 'malformed-request'] as const),
      ...(['provider-unavailable', 'rate-limited'] as const),
    ],
    answer: nothing(),
  }),
  callback: route({
    name: 'endProof',
    does: 'Here the provider sends the browser back; it goes on to the page that shows the proof.',
    kind: 'page',
    path: '/v1/session/oidc/{provider}/callback',
    status: 302,
    takesAny: true,
    problems: [
      ...(['not-found', 'invalid-parameter', 'malformed-request'] as const),
      ...(['sign-in-not-begun', 'provider-refused', 'provider-unavailable'] as const),
    ],
    answer: nothing(),
  }),
  page: route({
    name: 'proofPage',
    does: 'The page that shows the proof, or links the identity where the link of a mail was opened before.',
    kind: 'page',
    path: '/proof',
    answer: page(),
    file: 'text/html',
  }),
  signIn: route({
    name: 'signInByProof',
    does: 'Signs a person in who has shown who they are at a provider.',
    kind: 'entry',
    path: '/v1/session/oidc',
    status: 201,
    problems: ['proof-invalid', 'identity-unknown', 'account-ambiguous'],
    body: proofBody,
    answer: signedIn,
  }),
};

const asked = [
  ...(['not-signed-in', 'credential-invalid', 'credential-expired', 'scope-missing'] as const),
  ...(['person-required', 'sign-in-not-fresh', 'idempotency-key-invalid', 'invalid-parameter'] as const),
] as const;

/** Identities at providers that open your account. */
export const identities = {
  list: listOf({
    name: 'listIdentities',
    does: 'Lists the identities by which you sign in, the newest first.',
    path: '/v1/session/identities',
    row: kept,
    query: pageQuery,
  }),
  link: route({
    name: 'linkIdentity',
    does: 'Links an identity to your account, within a quarter of an hour after you signed in.',
    kind: 'entry',
    path: '/v1/session/identities',
    status: 201,
    scope: 'read',
    problems: ['proof-invalid', 'identity-taken', ...asked],
    body: linkBody,
    answer: linked,
  }),
  linkByLink: route({
    name: 'linkIdentityByLink',
    does: 'Links an identity by the link that was mailed; it takes the place of the password, of other identities, and of every session of that address.',
    kind: 'entry',
    path: '/v1/session/identities/by-link',
    status: 201,
    problems: ['proof-invalid', 'link-invalid', 'identity-taken'],
    body: linkByLinkBody,
    answer: linked,
  }),
  remove: route({
    name: 'removeIdentity',
    does: 'Removes an identity of yours, and ends the sessions that it has opened.',
    kind: 'remove',
    path: '/v1/session/identities/{id}',
    scope: 'read',
    answer: nothing(),
  }),
};

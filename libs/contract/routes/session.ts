import { z } from 'zod';
import { route } from '../route.js';
import { id, text } from '../shapes.js';

export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 128;

const mail = () => text(320).meta({ description: 'Your mail address.', examples: ['ines@example.org'] });
const secret = () => z.string().min(1).max(LONGEST_PASSWORD);
const nothing = () => z.undefined().meta({ description: 'Nothing.' });

/** A session that was opened just now. */
export const signedIn = z
  .looseObject({
    token: z.string().meta({ description: 'Send it as `Authorization: Bearer …`; it is shown once.' }),
    principal: z.string().meta({ description: 'Your account.' }),
    organisation: z.string().meta({ description: 'The organisation for which you act.' }),
    expiresAt: z.string().meta({ format: 'date-time', description: 'Until when it counts at most.' }),
  })
  .meta({ id: 'SignedIn', description: 'A new session.' });

/** Who signs in. */
export const signInBody = z.strictObject({
  mail: mail(),
  password: secret().meta({ description: 'Your password.', writeOnly: true }),
  account: id('per')
    .exactOptional()
    .meta({ description: 'Which account, where you have several with this address.' }),
});

/** Who asks for a link. */
export const askBody = z.strictObject({ mail: mail() });

/** A new password, and the link that allows to set it. */
export const passwordBody = z.strictObject({
  link: secret().meta({ description: 'What stands behind the # of the link.', writeOnly: true }),
  password: z
    .string()
    .min(SHORTEST_PASSWORD)
    .max(LONGEST_PASSWORD)
    .meta({
      description: `The new password: ${String(SHORTEST_PASSWORD)} to ${String(LONGEST_PASSWORD)} characters that are not easy to guess.`,
      writeOnly: true,
    }),
});

/** Who you are here, how you come in, and where else you are signed in. */
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
  signIn: route({
    name: 'signIn',
    does: 'Signs a person in: answers a token, which stands for them until they sign out or do not use it for half a day.',
    kind: 'entry',
    path: '/v1/session',
    status: 201,
    problems: ['sign-in-refused', 'account-ambiguous'],
    body: signInBody,
    answer: signedIn,
  }),
  signOut: route({
    name: 'signOut',
    does: 'Ends this session.',
    kind: 'remove',
    path: '/v1/session',
    scope: 'read',
    answer: nothing(),
  }),
  devices: route({
    name: 'listDevices',
    does: 'Lists where you are signed in.',
    kind: 'read',
    path: '/v1/session/devices',
    answer: z
      .looseObject({
        data: z.array(
          z.looseObject({
            id: z.string().meta({ description: 'Id of the session; entries made in it bear it.' }),
            device: z.string().nullable().meta({ description: 'What the program there says of itself.' }),
            isThis: z.boolean().meta({ description: 'True for the session that asks.' }),
            madeAt: z.string().meta({ format: 'date-time', description: 'When you signed in there.' }),
            usedAt: z.string().meta({
              format: 'date-time',
              description: 'When it was used last, to some minutes.',
            }),
            expiresAt: z.string().meta({ format: 'date-time', description: 'When it ends by itself.' }),
          }),
        ),
      })
      .meta({ id: 'Devices', description: 'Where you are signed in.' }),
  }),
  endDevice: route({
    name: 'endDevice',
    does: 'Ends a session of yours, here or elsewhere.',
    kind: 'remove',
    path: '/v1/session/devices/{id}',
    scope: 'read',
    answer: nothing(),
  }),
};

/** How people come to a password: by a link that is mailed to them, and shown to nobody else. */
export const passwords = {
  ask: route({
    name: 'askForLink',
    does: 'Mails a link by which a password is set, if somebody has this address; the answer is the same if nobody has.',
    kind: 'entry',
    path: '/v1/password-resets',
    body: askBody,
    answer: nothing(),
  }),
  set: route({
    name: 'setPassword',
    does: 'Sets a password by the link that was mailed; it takes the place of every identity, and ends every session of that address.',
    kind: 'entry',
    path: '/v1/password-resets/complete',
    problems: ['link-invalid'],
    body: passwordBody,
    answer: nothing(),
  }),
  page: route({
    name: 'passwordPage',
    does: 'The page that the link opens, on which the password is set.',
    kind: 'page',
    path: '/set-password',
    answer: z.unknown().meta({ description: 'A page for browsers.' }),
    file: 'text/html',
  }),
};

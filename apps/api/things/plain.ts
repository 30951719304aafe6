import type { Route } from '#contract/route.js';

/** Commands that make a secret have a controller of their own. */
const ownController = ['makeKey', 'rotateKey', 'addWebhookEndpoint', 'rotateWebhookSecret'];

/** True for the route of a command that JSON alone issues, and that answers with the thing alone. */
export const isPlain = ({ command, kind, name }: Route): boolean =>
  command !== undefined && kind !== 'upload' && !ownController.includes(name);

import { routes } from '#contract/routes/all.js';
import type { InputCheck } from './checks.js';

/** An input as the door would take it: the same schemas, so that a script cannot ask for what no caller may send. */
export const inputCheck: InputCheck = (command, input) => {
  const route = routes.find((one) => one.command?.type === command);
  const parsed = route?.body?.safeParse(input);
  if (!parsed || parsed.success) return [];
  const under = route?.command?.under;
  return parsed.error.issues
    .filter(({ path }) => path[0] !== under)
    .map(({ path, message, ...issue }) => ({
      path,
      wrong: issue.code === 'unrecognized_keys' ? `${command} knows no ${issue.keys.join(', ')}` : message,
    }));
};

import type { Account } from '#database/sign-in.js';
import { Fault } from '../http/fault.js';

/** The account that was named, or the only one. Which there are is told to nobody but whoever may come in. */
export function chosen(accounts: readonly Account[], account: string | undefined): Account {
  const [only] = accounts;
  if (only !== undefined && accounts.length === 1 && account === undefined) return only;
  const one = accounts.find(({ principal }) => principal === account);
  if (one !== undefined) return one;
  const words = accounts.map(({ principal, organisation }) => `${principal} of ${organisation}`);
  throw new Fault('account-ambiguous', `These are yours: ${words.join(', ')}.`);
}

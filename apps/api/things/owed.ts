import { inWords } from '#domain/explanation.js';
import type { Obligation } from '#domain/obligation.js';

/** Something owed, with the way to its date as data and as a sentence. */
export const owedShown = (
  thing: string,
  { key, what, due, owedBy }: Pick<Obligation, 'key' | 'what' | 'due' | 'owedBy'>,
) => ({
  key,
  what,
  due,
  sentence: inWords(due),
  owedBy,
  thing,
});

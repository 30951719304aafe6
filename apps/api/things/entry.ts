import type { Fact } from '#domain/machine.js';

/** Clear texts by their commitments. */
export type Texts = Readonly<Record<string, string>>;

/** The texts behind commitments, by their names; null where the reader may not see one. */
export const inClear = (commitments: Texts, texts: Texts): Record<string, string | null> =>
  Object.fromEntries(
    Object.entries(commitments).map(([name, commitment]) => [name, texts[commitment] ?? null]),
  );

/** A fact as the door shows it: what was written beside what stands in the ledger for it. */
export function entryShown(
  { id, kind, fact }: { readonly id: string; readonly kind: string; readonly fact: Fact },
  texts: Texts,
) {
  const { texts: commitments, at, ...rest } = fact;
  return {
    ...rest,
    id,
    object: 'entry',
    kind,
    texts: inClear(commitments, texts),
    commitments,
    recordedAt: at,
  };
}

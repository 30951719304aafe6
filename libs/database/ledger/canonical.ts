const KEY = /^[a-zA-Z][a-zA-Z0-9_]*$/;

/** What cannot stand in the ledger: the bytes could not be made again in another language. */
export class NotCanonical extends Error {
  override readonly name = 'NotCanonical';
}

/**
 * RFC 8785 over a narrow JSON: plain keys, whole numbers, no lone surrogates. A member that is undefined is absent. The bytes
 * are made once, stored as they are and hashed as they are.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return whole(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join(',')}]`;
  if (typeof value === 'object') return members(value);
  throw new NotCanonical(`a ${typeof value} has no canonical form`);
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new NotCanonical('a lone surrogate is no text');
  return JSON.stringify(value);
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new NotCanonical(`${value} is no whole number up to 2^53 - 1`);
  if (Object.is(value, -0)) throw new NotCanonical('-0 has no canonical form');
  return String(value);
}

function members(value: object): string {
  const list = Object.entries(value).filter(([, member]) => member !== undefined);
  const wrong = list.find(([key]) => !KEY.test(key));
  if (wrong) throw new NotCanonical(`${JSON.stringify(wrong[0])} is no name of a member`);
  const sorted = list.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}

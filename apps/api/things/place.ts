import type { Behind, Shown } from '#database/reading/things.js';
import { Fault } from '../http/fault.js';

/** Where a row stands in its list, as a text for a page token. */
export const placeOf = ({ createdAt, thing }: Shown): string => tokenTo({ at: createdAt, id: thing.id });

/** A place in a list, as the same text. */
export const tokenTo = ({ at, id }: { readonly at: string; readonly id: string }): string =>
  JSON.stringify([at, id]);

/** The place in a page token. */
export function placeIn(text: string): Behind {
  const place: unknown = JSON.parse(text);
  if (!isPlace(place)) throw new Fault('page-token-invalid', 'It belongs to another list.');
  return { at: place[0], id: place[1] };
}

const isPlace = (place: unknown): place is readonly [Behind['at'], string] =>
  Array.isArray(place) && place.length === 2 && place.every((part) => typeof part === 'string');

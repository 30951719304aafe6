import type { Behind, Shown } from '#database/reading/things.js';
import { Fault } from '../http/fault.js';

/** Where a row stands in its list, as a text that sorts as the list does. */
export const placeOf = ({ createdAt, thing }: Shown): string => JSON.stringify([createdAt, thing.id]);

/** The place in a page token. */
export function placeIn(text: string): Behind {
  const place: unknown = JSON.parse(text);
  if (!isPlace(place)) throw new Fault('page-token-invalid', 'It belongs to another list.');
  return { at: place[0], id: place[1] };
}

const isPlace = (place: unknown): place is readonly [Behind['at'], string] =>
  Array.isArray(place) && place.length === 2 && place.every((part) => typeof part === 'string');

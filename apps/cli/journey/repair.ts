import { bodyRoles, clientRoles } from '#domain/actor.js';
import type { Path } from './lines.js';

type Part = Record<PropertyKey, unknown>;

/** What the shape says against a file, as far as a repair needs to know it. */
export interface ShapeIssue {
  readonly code?: string | undefined;
  readonly path: Path;
  readonly message: string;
  readonly keys?: readonly string[];
}

/** A copy of a file in which every part of a wrong shape stands for something, and the places where that is so. */
export interface Repaired {
  readonly values: unknown;
  readonly places: readonly Path[];
}

const FIRST_DAY = '1900-01-01';
const LAST_DAY = '2199-12-31';

/** Stand-ins by the parts of a file; `undefined` leaves an optional part out. */
const standIns: Readonly<Record<string, unknown>> = {
  name: '?',
  about: '?',
  zone: 'UTC',
  starts: FIRST_DAY,
  ends: LAST_DAY,
  organisations: { name: '?', side: 'client' },
  people: { name: '?', mail: 'somebody@example.org', of: 'nobody', roles: [...clientRoles, ...bodyRoles] },
  evidence: { kind: '?', dated: FIRST_DAY, says: '?' },
  acts: { who: 'nobody', does: 'nothing' },
};

/**
 * A file of a wrong shape is checked further, so that its other mistakes are told at once too: wrong parts are replaced, and
 * what the checks then say about these very parts does not count.
 */
export function repaired(values: unknown, issues: readonly ShapeIssue[]): Repaired | undefined {
  const copy: unknown = structuredClone(values);
  if (!isPart(copy)) return undefined;
  const places = issues.map((issue) => mend(copy, issue));
  return { values: copy, places };
}

function mend(file: Part, { code, path, keys = [] }: ShapeIssue): Path {
  if (code === 'unrecognized_keys') {
    const part = partAt(file, path);
    keys.forEach((key) => part && Reflect.deleteProperty(part, key));
    return [...path, keys[0] ?? ''];
  }
  const [root = '', entry, member] = path;
  if (entry === undefined || !isPart(file[root])) {
    set(file, root, rootStandIn(root));
    return [root];
  }
  return mendEntry(file[root], [root, entry, ...(member === undefined ? [] : [member])]);
}

function mendEntry(parent: Part, [root = '', entry = '', member]: Path): Path {
  const known = standIns[String(root)];
  const own = parent[entry];
  if (member === undefined || !isPart(own)) {
    set(parent, entry, root === 'acts' ? { ...part(known), on: dayBefore(parent, entry) } : known);
    return [root, entry];
  }
  set(own, member, member === 'on' ? dayBefore(parent, entry) : part(known)[member]);
  return [root, entry, member];
}

/** An act without a day stands on the day of the one before it. */
function dayBefore(acts: Part, place: PropertyKey): unknown {
  const before = acts[Number(place) - 1];
  return isPart(before) && typeof before['on'] === 'string' ? before['on'] : FIRST_DAY;
}

function rootStandIn(root: PropertyKey): unknown {
  if (root === 'acts') return [{ ...part(standIns['acts']), on: FIRST_DAY }];
  const known = standIns[String(root)];
  return root === 'organisations' || root === 'people' ? {} : isPart(known) ? undefined : known;
}

function set(parent: Part, key: PropertyKey, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(parent, key);
  else parent[key] = value;
}

function partAt(file: Part, path: Path): Part | undefined {
  let at: unknown = file;
  for (const key of path) at = isPart(at) ? at[key] : undefined;
  return isPart(at) ? at : undefined;
}

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null;
const part = (value: unknown): Part => (isPart(value) ? value : {});

/** True when a place lies in one of the parts. */
export const liesIn = (place: Path, parts: readonly Path[]): boolean =>
  parts.some((one) => one.every((key, depth) => key === place[depth]) || isAct(one, place));

/** Once an act has lost its command, nothing more can be said about it. */
const isAct = (one: Path, place: Path): boolean =>
  one[0] === 'acts' && one[2] === 'does' && place[0] === 'acts' && place[1] === one[1];

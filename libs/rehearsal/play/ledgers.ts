import type { Id } from '#domain/actor.js';
import type { Entry } from './door.js';

/** The first place where two ledgers part, or nothing. */
export interface Difference {
  readonly stream: string;
  readonly place: number;
  readonly first: string;
  readonly second: string;
}

/** The key of a command of people; that of a process's step says what it is. */
const COMMAND = /^cmd_/;

const ID = /\b[a-z]{2,4}_[0-9a-hjkmnp-tv-z]{26}\b/g;

/**
 * Compares two ledgers stream by stream: types, data, effective times and step keys, after ids have been renamed. What came
 * first in the ledger does not count, since processes work beside each other; machine times and salts do not count either.
 */
export function compare(first: readonly Entry[], second: readonly Entry[]): Difference | undefined {
  const [left, right] = [streamsOf(first), streamsOf(second)];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort();
  for (const stream of names) {
    const [a, b] = [left.get(stream) ?? [], right.get(stream) ?? []];
    const place = Array.from({ length: Math.max(a.length, b.length) }).findIndex((_, at) => a[at] !== b[at]);
    if (place >= 0)
      return { stream, place: place + 1, first: a[place] ?? 'nothing', second: b[place] ?? 'nothing' };
  }
  return undefined;
}

/** The facts of each stream as comparable texts, in their order, under names that both ledgers share. */
function streamsOf(entries: readonly Entry[]): ReadonlyMap<string, readonly string[]> {
  const names = new Renaming(entries);
  const streams = new Map<string, string[]>();
  for (const { kind, fact } of [...entries].sort((a, b) => a.fact.version - b.fact.version)) {
    const stream = names.of(fact.stream);
    const line = sorted(
      names.within({
        kind,
        type: fact.type,
        data: fact.data,
        ...(fact.opens ? { opens: fact.opens } : {}),
        texts: Object.keys(fact.texts).sort(),
        evidence: fact.evidence,
        actor: fact.actor,
        effectiveAt: fact.effectiveAt,
        command: fact.command,
      }),
    );
    streams.set(stream, [...(streams.get(stream) ?? []), line]);
  }
  return streams;
}

/**
 * Names for ids that do not depend on chance: a thing is called after its kind, the command that made it, and its place
 * among the things of that kind which the command made, and whoever acts and has no stream there is counted. Commands of people, which come one after the other, are counted;
 * those of processes hold ids themselves, which are renamed first.
 */
class Renaming {
  private readonly names = new Map<Id, string>();

  constructor(entries: readonly Entry[]) {
    const commands = new Set(
      entries.map(({ fact }) => fact.command).filter((command) => COMMAND.test(command)),
    );
    [...commands].forEach((command, place) => this.names.set(command, `<command ${String(place + 1)}>`));
    const made = new Map<string, number>();
    for (const { kind, fact } of entries) {
      if (fact.version !== 1) continue;
      const maker = `${kind} by ${this.in(fact.command)}`;
      const place = (made.get(maker) ?? 0) + 1;
      made.set(maker, place);
      this.names.set(fact.stream, place === 1 ? `<${maker}>` : `<${maker}, ${String(place)}>`);
    }
    const strangers = new Set(entries.map(({ fact }) => fact.actor.id).filter((id) => !this.names.has(id)));
    [...strangers]
      .filter((id) => id.search(ID) === 0)
      .forEach((id, place) => this.names.set(id, `<stranger ${String(place + 1)}>`));
  }

  of(id: Id): string {
    return this.names.get(id) ?? id;
  }

  in(text: string): string {
    return text.replace(ID, (id) => this.of(id));
  }

  /** A value with all its ids renamed. Things are read in the order of their ids, which is chance: a list of ids is a set. */
  within(value: unknown): unknown {
    if (typeof value === 'string') return this.in(value);
    if (Array.isArray(value)) return this.members(value);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.within(one)]));
  }

  private members(list: readonly unknown[]): readonly unknown[] {
    const renamed = list.map((one) => this.within(one));
    const ids = list.every((one) => typeof one === 'string' && this.names.has(one));
    return ids ? renamed.map(String).sort() : renamed;
  }
}

/** JSON with members in the order of their names. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );

import { hash } from 'node:crypto';
import type { Id } from '#domain/actor.js';
import { newId, type IdSource } from '#platform/ids.js';

const SALT_BYTES = 32;

/** Where the ids and salts of one command come from: chance, or the seed of a sandbox and the key of the command. */
export interface Chance {
  readonly key: string;
  readonly seed: string | undefined;
  readonly now: () => number;
  readonly random: IdSource['random'];
}

/** The ids of one command, the same each time that one is asked for; in a sandbox also the same in every host. */
export class CommandIds {
  private readonly made = new Map<string, Id>();

  constructor(private readonly chance: Chance) {}

  /** An id by its prefix and by what it is for: an ordinal, or `stream` for the thing that the command makes. */
  newId(prefix: string, purpose: number | 'stream'): Id {
    const name = `${prefix}/${purpose}`;
    const known = this.made.get(name) ?? newId(prefix, this.source(name));
    this.made.set(name, known);
    return known;
  }

  /** Whoever knows one salt of a sandbox can make no other from it: no name of a text has the bytes with which SHA-256 fills up. */
  salt(ordinal: number, name: string): Uint8Array {
    const { seed, random } = this.chance;
    return seed === undefined ? random(SALT_BYTES) : this.derived(seed, `${ordinal}\n${name}`);
  }

  private source(name: string): IdSource {
    const { seed, now, random } = this.chance;
    return seed === undefined
      ? { now, random }
      : { now, random: (size) => this.derived(seed, name).subarray(0, size) };
  }

  private derived(seed: string, what: string): Uint8Array {
    return Buffer.from(hash('sha256', `${seed}\n${this.chance.key}\n${what}`), 'hex');
  }
}

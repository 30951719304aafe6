import type { Id } from '#domain/actor.js';
import type { Members, Name, Script, Value } from './script.js';

/** What the names of a script stand for while it is played. */
export class Names {
  private readonly ids = new Map<Name, Id>();

  constructor(private readonly described: Script['described']) {}

  /** Gives a name to an id. */
  give(name: Name, id: Id): void {
    this.ids.set(name, id);
  }

  /** The id behind a name; a script that was checked names nothing unknown, but a thing may not have been made. */
  id(name: Name): Id {
    const id = this.ids.get(name);
    if (id === undefined) throw new NotMade(name);
    return id;
  }

  /** The id behind a name, if there is one. */
  find(name: Name): Id | undefined {
    return this.ids.get(name);
  }

  /** The name of an id, for people. */
  nameOf(id: Id): Name | undefined {
    return [...this.ids].find(([, known]) => known === id)?.[0];
  }

  /** An input with ids and descriptions in place of `$name`. */
  resolve(input: Members): Members {
    return Object.fromEntries(
      Object.entries(input).map(([member, value]) => [this.word(member), this.value(value)]),
    );
  }

  private value(value: Value): Value {
    if (typeof value === 'string') return this.named(value);
    if (Array.isArray(value)) return value.map((one: Value) => this.value(one));
    return isMembers(value) ? this.resolve(value) : value;
  }

  private named(text: string): Value {
    if (!isReference(text)) return text;
    const name = text.slice(1);
    const described = this.described[name];
    return described === undefined ? this.id(name) : this.value(described);
  }

  private word(member: string): string {
    return isReference(member) ? this.id(member.slice(1)) : member;
  }
}

/** A name was used before the act that makes its thing succeeded. */
export class NotMade extends Error {
  override readonly name = 'NotMade';
  constructor(readonly thing: Name) {
    super(`nothing was made under the name ${thing}`);
  }
}

/** True for a text that stands for something else. */
export const isReference = (text: string): boolean => /^\$[a-z][a-z0-9-]*$/i.test(text);

/** True for a value with members. */
export const isMembers = (value: Value | undefined): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every name that a value refers to. */
export function referencesIn(value: Value | undefined): readonly Name[] {
  if (typeof value === 'string') return isReference(value) ? [value.slice(1)] : [];
  if (Array.isArray(value)) return value.flatMap((one: Value) => referencesIn(one));
  if (!isMembers(value)) return [];
  return Object.entries(value).flatMap(([member, one]) => [...referencesIn(member), ...referencesIn(one)]);
}

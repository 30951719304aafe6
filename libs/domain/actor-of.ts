import type { Actor, Id } from './actor.js';
import { actorOfKey, apiKeyMachine } from './api-key/api-key.js';
import type { Thing } from './machine.js';
import { isPerson } from './person/facts.js';
import { actorOfPerson } from './person/person.js';

/** Who acts behind an account or a key. `alsoIn`: the other organisations in which the same human has an account. (SOD-10) */
export function actorOf(thing: Thing, alsoIn: readonly Id[]): Actor {
  if (isPerson(thing)) return actorOfPerson(thing, alsoIn);
  if (apiKeyMachine.is(thing)) return actorOfKey(thing);
  throw new TypeError(`nobody acts as a ${thing.kind}`);
}

import type { Actor, Id } from './actor.js';
import { actorOfKey, apiKeyMachine } from './api-key/api-key.js';
import type { Thing } from './machine.js';
import { isPerson, type Person } from './person/facts.js';
import { actorOfPerson } from './person/person.js';

/** Who acts behind an account or a key. Among `things` stand the other accounts of the same human, where anything may ask for them. */
export function actorOf(thing: Thing, things: readonly Thing[]): Actor {
  if (isPerson(thing)) return actorOfPerson(thing, othersOf(thing, things));
  if (apiKeyMachine.is(thing)) return actorOfKey(thing);
  throw new TypeError(`nobody acts as a ${thing.kind}`);
}

/** In which other organisations the same human has an account. (SOD-10) */
function othersOf({ human, organisation }: Person, things: readonly Thing[]): readonly Id[] {
  const accounts = things.filter(isPerson).filter((one) => one.human === human);
  const others = accounts.map((one) => one.organisation).filter((one) => one !== organisation);
  return [...new Set(others)].sort();
}

import fc from 'fast-check';
import { thingThen } from '#domain/as-of.js';
import { evolve, type Thing } from '#domain/machine.js';
import { machineOf } from '#domain/machines.js';
import type { Entry } from '#rehearsal/play/door.js';
import { play } from '#rehearsal/play/player.js';
import type { Story } from '#rehearsal/play/story.js';
import { RehearsalDoor } from '../apps/cli/journey/rehearsal-door.js';
import { firstCertificate } from './support/first-certificate.js';
import { scriptIn } from './support/script-in.js';

let story: Story;
let lives: ReadonlyMap<string, readonly Entry[]>;

beforeAll(async () => {
  const script = scriptIn('samples/customer-chat-assistant.yaml');
  ({ story } = await play(firstCertificate(script), new RehearsalDoor()));
  lives = Map.groupBy(story.entries, ({ fact }) => fact.stream);
});

const then = (id: string, bounds: Parameters<typeof thingThen>[2]) => {
  const life = lives.get(id) ?? [];
  return thingThen(
    machineOf(life[0]?.kind ?? ''),
    life.map(({ fact }) => fact),
    bounds,
  );
};

test('R-GEN-5: as of the end, every thing of a sample is what it is', () => {
  const at = story.entries.at(-1)?.fact.at;
  if (at === undefined) throw new Error('nothing happened');
  for (const [id, thing] of story.things)
    expect(then(id, { effectiveBy: at, recordedBy: at })?.thing).toEqual(thing);
  expect(story.things.size).toBeGreaterThan(40);
});

test('R-GEN-5: what was known at an instant is what stood there at that instant, for every thing and every instant', () => {
  const instants = Map.groupBy(story.entries, ({ fact }) => fact.at);
  const stood = new Map<string, Thing>();
  for (const [at, entries] of [...instants].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    for (const { kind, fact } of entries) {
      const machine = machineOf(kind);
      stood.set(fact.stream, evolve(machine, stood.get(fact.stream) ?? machine.initial(fact.stream), fact));
    }
    for (const id of lives.keys()) expect(then(id, { recordedBy: at })?.thing).toEqual(stood.get(id));
  }
  expect(instants.size).toBeGreaterThan(80);
});

test('any two bounds make a thing of its machine, or none', () => {
  const instants = [...new Set(story.entries.flatMap(({ fact }) => [fact.at, fact.effectiveAt]))];
  const [bound, id] = [fc.constantFrom(...instants), fc.constantFrom(...lives.keys())];
  fc.assert(
    fc.property(id, bound, bound, (one, effectiveBy, recordedBy) => {
      const past = then(one, { effectiveBy, recordedBy });
      if (!past) return;
      expect(machineOf(past.thing.kind).stages).toContain(past.thing.stage);
      expect(past.createdAt <= past.updatedAt && past.updatedAt <= recordedBy).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

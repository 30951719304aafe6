import { openDatabase } from '#database/data-source.js';
import { Sandboxes } from '#database/sandboxes.js';
import type { Id } from '#domain/actor.js';
import { instant } from '#domain/instant.js';
import type { ApiDoor } from './door.js';

/** Moves the clock of a sandbox by hand, with no worker behind it. */
export async function moveClock(door: ApiDoor, sandbox: Id, to: string): Promise<void> {
  const engine = await openDatabase(door.behind.database.appUrl, 'engine', 1);
  try {
    expect(await new Sandboxes(engine).move(sandbox, instant(to))).toBe(to);
  } finally {
    await engine.destroy();
  }
}

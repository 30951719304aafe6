import type { DataSource } from 'typeorm';
import { Sequencer } from '#database/sequencer.js';

/** Gives everything that is visible its place in the feeds. */
export async function placeAll(engine: DataSource, sequencer = new Sequencer(engine)): Promise<void> {
  for (let placed: number | 'elsewhere' = 1; placed !== 0;) placed = await sequencer.place();
}

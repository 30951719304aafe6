import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** How far a thing had come at the place, and when that was recorded. */
export interface Standing {
  readonly version: number;
  readonly at: string;
}

/** The things that have events up to the place, as they stood there. */
export interface Known {
  readonly things: ReadonlyMap<string, Standing>;
  /** When the last of them was recorded. */
  readonly lastAt: string;
}

const eventShape = z.looseObject({ subject: z.string(), streamversion: z.int(), recordedtime: z.string() });

/** Reads it from the events that were exported. */
export async function knownFrom(path: string): Promise<Known> {
  const things = new Map<string, Standing>();
  let lastAt = '';
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const { subject, streamversion: version, recordedtime: at } = eventShape.parse(JSON.parse(line));
    const id = subject.split('/').at(-1) ?? '';
    if ((things.get(id)?.version ?? 0) < version) things.set(id, { version, at });
    if (at > lastAt) lastAt = at;
  }
  return { things, lastAt };
}

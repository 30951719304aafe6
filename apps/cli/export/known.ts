import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** How far a thing had come at the place, and when that was recorded. */
export interface Standing {
  readonly version: number;
  readonly at: string;
}

/** What has its place in the feed up to the place. */
export interface Known {
  /** The ids of the entries. */
  readonly entries: ReadonlySet<string>;
  /** The things, as they stood there. */
  readonly things: ReadonlyMap<string, Standing>;
  /** When the last of them was recorded. */
  readonly lastAt: string;
}

const eventShape = z.looseObject({
  id: z.string(),
  subject: z.string(),
  streamversion: z.int(),
  recordedtime: z.string(),
});

/** Reads it from the events that were exported. */
export async function knownFrom(path: string): Promise<Known> {
  const [entries, things] = [new Set<string>(), new Map<string, Standing>()];
  let lastAt = '';
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const {
      id: entry,
      subject,
      streamversion: version,
      recordedtime: at,
    } = eventShape.parse(JSON.parse(line));
    entries.add(entry);
    const id = subject.split('/').at(-1) ?? '';
    if ((things.get(id)?.version ?? 0) < version) things.set(id, { version, at });
    if (at > lastAt) lastAt = at;
  }
  return { entries, things, lastAt };
}

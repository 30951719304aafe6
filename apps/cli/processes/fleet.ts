import { Commands } from '#database/commands.js';
import { openDatabase } from '#database/data-source.js';
import { Fleet } from '#database/fleet.js';
import { Processes } from '#database/processes.js';
import { queueOf, Runs } from '#platform/runs.js';
import { connectTemporal } from '#platform/temporal-client.js';
import type { Place } from './place.js';

const WITHIN_MS = 15_000;
const POOL = 8;

/** All processes of an installation and their runs, reached from outside, and how to let go of them. */
export interface ReachedFleet {
  readonly fleet: Fleet;
  readonly leave: () => Promise<void>;
}

export async function reachFleet({ databaseUrl, temporal, release }: Place): Promise<ReachedFleet> {
  const client = await connectTemporal(temporal, WITHIN_MS);
  const source = await openDatabase(databaseUrl, 'engine', POOL);
  const processes = new Processes(source, new Commands(source));
  const fleet = new Fleet({ source, processes, runs: new Runs(client, queueOf(release)), release });
  const leave = async (): Promise<void> => {
    await source.destroy();
    await client.connection.close();
  };
  return { fleet, leave };
}

import pg from 'pg';

const CHANNEL = 'perennial_relay';
const COALESCED_MS = 20;
const AGAIN_MS = 1_000;

/**
 * Wakes the relay after a commit, on a connection of its own and at most once in 20 ms. A wake-up that is lost costs a
 * moment: the relay looks by itself too. (A NOTIFY inside the command's transaction would cost most of the throughput.)
 */
export class Waker {
  private client: pg.Client | undefined;
  private planned: NodeJS.Timeout | undefined;

  constructor(private readonly url: string) {}

  wake(): void {
    this.planned ??= setTimeout(() => {
      this.planned = undefined;
      void this.notify();
    }, COALESCED_MS).unref();
  }

  async close(): Promise<void> {
    clearTimeout(this.planned);
    await this.client?.end();
  }

  private async notify(): Promise<void> {
    try {
      this.client ??= await connected(this.url, () => (this.client = undefined));
      await this.client.query(`notify ${CHANNEL}`);
    } catch {
      this.client = undefined;
    }
  }
}

/** Calls back whenever somebody wakes the relay; connects again when the connection is lost. Ends with the answered function. */
export function onWake(url: string, woken: () => void): () => Promise<void> {
  let over = false;
  let client: pg.Client | undefined;
  const listen = async (): Promise<void> => {
    if (over) return;
    try {
      client = await connected(url, again);
      client.on('notification', woken);
      await client.query(`listen ${CHANNEL}`);
    } catch {
      again();
    }
  };
  const again = (): void => {
    client = undefined;
    if (!over) setTimeout(() => void listen(), AGAIN_MS).unref();
  };
  void listen();
  return async () => {
    over = true;
    await client?.end();
  };
}

async function connected(connectionString: string, lost: () => void): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, keepAlive: true });
  client.on('error', lost);
  await client.connect();
  return client;
}

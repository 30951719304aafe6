import pg from 'pg';

const COALESCED_MS = 5;
const AGAIN_MS = 1_000;

/** What one program tells the others: something was recorded or asked for; or a process has come to rest, an operation to its end. */
export type Channel = 'perennial_work' | 'perennial_rest';

/**
 * Wakes those who wait on a channel after a commit, on a connection of its own: at once, and then at most once in 5 ms. A
 * wake-up that is lost costs a moment: they look by themselves too. (A NOTIFY inside the command's transaction would cost most of
 * the throughput.)
 */
export class Waker {
  private client: Promise<pg.Client> | undefined;
  private planned: NodeJS.Timeout | undefined;
  private notified = Promise.resolve();
  private last = 0;

  constructor(
    private readonly url: string,
    private readonly channel: Channel,
  ) {}

  wake(): void {
    const waitMs = Math.max(0, this.last + COALESCED_MS - performance.now());
    this.planned ??= setTimeout(() => {
      this.planned = undefined;
      this.last = performance.now();
      this.notified = this.notified.then(() => this.notify());
    }, waitMs).unref();
  }

  async close(): Promise<void> {
    clearTimeout(this.planned);
    await this.notified;
    await (await this.client)?.end();
  }

  private async notify(): Promise<void> {
    try {
      this.client ??= connected(this.url, () => (this.client = undefined));
      const client = await this.client;
      await client.query(`notify ${this.channel}`);
    } catch {
      this.client = undefined;
    }
  }
}

/** Calls back whenever somebody wakes a channel; connects again when the connection is lost. Ends with the answered function. */
export function onWake(
  url: string,
  woken: Readonly<Partial<Record<Channel, () => void>>>,
): () => Promise<void> {
  const calls = new Map<string, () => void>(Object.entries(woken));
  let over = false;
  let client: Promise<pg.Client> | undefined;
  const listen = async (): Promise<void> => {
    if (over) return;
    try {
      client = connected(url, again);
      const line = await client;
      line.on('notification', ({ channel }) => calls.get(channel)?.());
      for (const channel of calls.keys()) await line.query(`listen ${channel}`);
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
    await client?.then((line) => line.end()).catch(() => undefined); // one that was never made needs no end
  };
}

async function connected(connectionString: string, lost: () => void): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, keepAlive: true });
  client.on('error', lost);
  await client.connect();
  return client;
}

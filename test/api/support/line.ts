import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A line to PostgreSQL that can be cut: whoever is given its address talks to the server by way of it. */
export class Line {
  private readonly ends = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;
  private last: string | undefined;
  private silent = false;

  private constructor(private readonly far: URL) {}

  /** A line to the server behind the address. */
  static async to(url: string): Promise<Line> {
    const line = new Line(new URL(url));
    await line.mend();
    return line;
  }

  /** The address of the server by way of the line. */
  get url(): string {
    const near = new URL(this.far);
    near.host = `127.0.0.1:${String(this.port)}`;
    return near.href;
  }

  /** Breaks off what is on the line, and takes nothing more. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.ends.forEach((end) => end.destroy());
    if (!server?.listening) return;
    server.close();
    await once(server, 'close');
  }

  /** Takes connections and words, and lets nothing through. */
  mute(): void {
    this.silent = true;
  }

  /** Takes connections again, at the same address. */
  async mend(): Promise<void> {
    this.silent = false;
    this.server = createServer((near) => this.carry(near));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
  }

  /** Lets the next thing through that holds these words, and is cut before the answer to it comes back. */
  cutsAfter(words: string): void {
    this.last = words;
  }

  private carry(near: Socket): void {
    const far = connect(Number(this.far.port), this.far.hostname);
    let over = false;
    for (const end of [near, far]) {
      this.ends.add(end.on('error', () => undefined));
      end.on('close', () => [near, far].forEach((one) => this.ends.delete(one.destroy())));
    }
    near.on('data', (said) => {
      if (this.silent) return;
      over ||= this.isLast(said);
      far.write(said);
    });
    far.on('data', (said) => (over ? void this.cut() : near.write(said)));
  }

  private isLast(said: Buffer): boolean {
    if (this.last === undefined || !said.includes(this.last)) return false;
    this.last = undefined;
    return true;
  }
}

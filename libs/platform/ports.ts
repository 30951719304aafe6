import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';

const TRIES = 100;

/** The port wanted, or the next one that is free; 0 wants any. */
export async function freePort(wanted: number): Promise<number> {
  if (wanted === 0) return (await probe(0)) ?? 0;
  for (let port = wanted; port < wanted + TRIES; port += 1) {
    if ((await probe(port)) !== undefined) return port;
  }
  return (await probe(0)) ?? 0;
}

export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await probe(port, host)) !== undefined;
}

function probe(port: number, host = '127.0.0.1'): Promise<number | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(undefined));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const found = address !== null && typeof address === 'object' ? address.port : undefined;
      server.close(() => done(found));
    });
  });
}

/** Whether this process listens there; taken to be so on a machine that does not tell. */
export function listens(pid: number, port: number): boolean {
  try {
    const held = descriptorsOf(String(pid));
    return listeningSockets(port).some((socket) => held.includes(linkTo(socket)));
  } catch {
    return true;
  }
}

/** Who listens there, if the machine tells: `node (pid 812)`. */
export function holderOf(port: number): string | undefined {
  try {
    const [socket] = listeningSockets(port);
    const pid = socket === undefined ? undefined : ownerOf(socket);
    if (pid === undefined) return undefined;
    return `${basename(readlinkSync(`/proc/${pid}/exe`))} (pid ${pid})`;
  } catch {
    return undefined;
  }
}

const linkTo = (socket: string): string => `socket:[${socket}]`;

function listeningSockets(port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  const cells = rows.map((row) => row.trim().split(/\s+/));
  const listening = cells.filter((cell) => cell[3] === '0A' && cell[1]?.endsWith(wanted) === true);
  return listening.flatMap((cell) => cell[9] ?? []);
}

function ownerOf(socket: string): string | undefined {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => descriptorsOf(pid).includes(linkTo(socket)));
}

function descriptorsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  } catch {
    return [];
  }
}

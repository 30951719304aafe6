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

/** Who listens there, if the machine tells: `node (pid 812)`. */
export function holderOf(port: number): string | undefined {
  try {
    const socket = listeningSocket(port);
    const pid = socket === undefined ? undefined : ownerOf(socket);
    if (pid === undefined) return undefined;
    return `${basename(readlinkSync(`/proc/${pid}/exe`))} (pid ${pid})`;
  } catch {
    return undefined;
  }
}

function listeningSocket(port: number): string | undefined {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  const cells = rows.map((row) => row.trim().split(/\s+/));
  return cells.find((cell) => cell[3] === '0A' && cell[1]?.endsWith(wanted) === true)?.[9];
}

function ownerOf(socket: string): string | undefined {
  const link = `socket:[${socket}]`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => descriptorsOf(pid).includes(link));
}

function descriptorsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  } catch {
    return [];
  }
}

import type { Reply, Request } from './fastify.js';
import { routeOf } from './serves.js';
import { refuseUnreadable } from './unreadable.js';

/** Within what time the body of a request is there; and of a file that is sent up, at least so much more of it. */
export const BODY_MS = 30_000;
const LEAST_BYTES = 32 * 1024;
/** Five GiB at half a megabit a second. */
const LONGEST_UPLOAD_MS = 24 * 60 * 60_000;

/** Breaks off whoever is slow on purpose, and nobody who sends a large file over a slow line. */
export function expectBody(request: Request, reply: Reply, withinMs: number): void {
  const { raw } = request;
  if (!('content-length' in raw.headers || 'transfer-encoding' in raw.headers)) return;
  const isFile = routeOf(request)?.kind === 'upload';
  let rounds = isFile ? Math.ceil(LONGEST_UPLOAD_MS / withinMs) : 1;
  let seen = raw.socket.bytesRead;
  const look = setInterval(() => {
    const came = raw.socket.bytesRead - seen;
    seen += came;
    rounds -= 1;
    if (raw.complete || (rounds > 0 && came >= LEAST_BYTES && !reply.raw.writableEnded)) return;
    clearInterval(look);
    refuseUnreadable(new Error('the body did not come in time'), raw.socket);
  }, withinMs);
  raw.once('close', () => {
    clearInterval(look);
  });
}

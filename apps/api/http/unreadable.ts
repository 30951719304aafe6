import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { machineSource, newId } from '#platform/ids.js';
import { Fault } from './fault.js';
import { problemOf } from './problem.filter.js';

/** What comes before there is a request, bytes that are no HTTP or headers without end, is told as a problem too. */
export function refuseUnreadable(error: Error, socket: Socket): void {
  const code = 'code' in error ? error.code : '';
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(faultOf(code), newId('req', machineSource));
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${String(problem.status)} ${STATUS_CODES[problem.status] ?? ''}`,
    'content-type: application/problem+json',
    `content-length: ${String(Buffer.byteLength(body))}`,
    'cache-control: no-store',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const faultOf = (code: unknown): Fault =>
  code === 'HPE_HEADER_OVERFLOW'
    ? new Fault('headers-too-large', 'All headers together may have 16 KiB.')
    : new Fault('malformed-request', 'This is not HTTP, or it did not come in time.');

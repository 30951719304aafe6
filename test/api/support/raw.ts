import { connect } from 'node:net';
import { problemShape, type Problem } from '#contract/problem.js';
import type { ApiDoor } from './door.js';

/** What came back over a connection of its own: the head and the body of the answer, and whether the door hung up. */
export interface Heard {
  readonly head: string;
  readonly body: string;
}

const PATIENCE_MS = 10_000;

/** Says something over a connection of its own, byte for byte, and listens until the door hangs up or the answer is whole. */
export function speak({ url }: Pick<ApiDoor, 'url'>, ...said: readonly (string | Buffer)[]): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let heard = '';
    const done = (): void => {
      socket.destroy();
      const [head = '', body = ''] = heard.split('\r\n\r\n');
      resolve({ head, body });
    };
    socket.setEncoding('utf8').setTimeout(PATIENCE_MS, () => {
      socket.destroy();
      reject(new Error(`the door was silent for ${String(PATIENCE_MS)} ms after: ${heard}`));
    });
    socket.on('data', (text: string) => {
      heard += text;
      if (isWhole(heard)) done();
    });
    socket.on('close', done);
    socket.on('error', done);
    for (const part of said) socket.write(part);
  });
}

/** True when as many bytes came as the head has announced. */
function isWhole(heard: string): boolean {
  const [head = '', body] = heard.split('\r\n\r\n');
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  return body !== undefined && length !== undefined && Buffer.byteLength(body) >= Number(length);
}

/** The problem in an answer. */
export function problemIn({ head, body }: Heard): Problem {
  expect(head).toMatch(/content-type: application\/problem\+json/i);
  const problem = problemShape.parse(JSON.parse(body));
  expect(head).toContain(`HTTP/1.1 ${String(problem.status)} `);
  return problem;
}

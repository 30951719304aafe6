import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

let keys = 0;

/** One request on a kept connection. Anything but 2xx is a fault of the benchmark. */
export async function call(
  base: string,
  token: string,
  {
    method = 'POST',
    path,
    body,
    version,
  }: { method?: string; path: string; body?: object; version?: number },
): Promise<Reply> {
  keys += 1;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers: Record<string, string> = {
    authorization: `Bearer ${token}`,
    'idempotency-key': `bench-${String(keys)}`,
  };
  if (text !== undefined) headers['content-type'] = 'application/json';
  if (version !== undefined) headers['if-match'] = `"${String(version)}"`;
  const reply = await send(new URL(path, base), { method, headers }, text);
  if (reply.status >= 300)
    throw new Error(`${method} ${path}: ${String(reply.status)} ${JSON.stringify(reply.body)}`);
  return reply;
}

function send(
  url: URL,
  how: { method: string; headers: Record<string, string> },
  text: string | undefined,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...how, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const whole = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: answer.statusCode ?? 0,
          body: JSON.parse(whole === '' ? '{}' : whole) as Reply['body'],
        });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

export const closeConnections = (): void => {
  agent.destroy();
};

import { Answer } from '../http/answer.js';

/** The stored answer knows no secret: a retry learns the id of the thing, and rotates it if the first answer was lost. */
export function withSecret(answer: Answer, secret: string): Answer {
  if (answer.headers['idempotency-replayed'] !== undefined) return answer;
  if (typeof answer.body !== 'string') throw new TypeError('the answer of a command is a text');
  const body: unknown = JSON.parse(answer.body);
  const whole = typeof body === 'object' && body !== null ? { ...body, secret } : { secret };
  return new Answer(answer.status, whole, answer.headers);
}

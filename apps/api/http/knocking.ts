import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from './fastify.js';

/** Somebody who has no credential yet: where they come from, and what their program says of itself. */
export interface Knocker {
  readonly place: string;
  readonly device: string | null;
}

const LONGEST = 200;

/** Who knocks at a route by which people come in. */
export const Knocking = createParamDecorator((_: unknown, context: ExecutionContext): Knocker => {
  const request = context.switchToHttp().getRequest<Request>();
  return { place: request.ip, device: request.headers['user-agent']?.slice(0, LONGEST) ?? null };
});

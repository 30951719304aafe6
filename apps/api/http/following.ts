import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from './fastify.js';

/** Somebody who wants to be told as it happens, and what they were told last. */
export interface Follower {
  readonly lastSeen?: string;
}

/** True where server-sent events are accepted. */
export const isStream = (range: string): boolean => /^\s*text\/event-stream\s*(;|$)/i.test(range);

/** Whoever asks for server-sent events, and for nothing else; nobody otherwise. */
export const Following = createParamDecorator(
  (_: unknown, context: ExecutionContext): Follower | undefined => {
    const { headers } = context.switchToHttp().getRequest<Request>();
    if (!isStream(headers.accept ?? '')) return undefined;
    const lastSeen = headers['last-event-id'];
    return typeof lastSeen === 'string' && /^\d{1,20}$/.test(lastSeen) ? { lastSeen } : {};
  },
);

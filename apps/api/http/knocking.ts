import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from './fastify.js';

/** Somebody who has no credential yet: where they come from, what their program says of itself, and what a browser keeps for us. */
export interface Knocker {
  readonly place: string;
  readonly device: string | null;
  readonly cookie: string | undefined;
}

const LONGEST = 200;

const GROUPS = 8;
const NETWORK = 4;

/** An address of IPv4; of IPv6 the network, since whoever has one address of it has them all. */
export function placeOf(ip: string): string {
  const [, plain] = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(ip) ?? [];
  return plain ?? `${groupsOf(ip).slice(0, NETWORK).join(':')}::/64`;
}

/** The groups of an address of IPv6, with those that `::` leaves out. */
function groupsOf(ip: string): readonly string[] {
  const [plain = ''] = ip.toLowerCase().split('%');
  const [head = [], tail] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const left = tail === undefined ? 0 : Math.max(0, GROUPS - head.length - tail.length);
  const all = [...head, ...Array.from({ length: left }, () => '0'), ...(tail ?? [])];
  return all.map((group) => group.replace(/^0+(?=.)/, ''));
}

/** Who knocks at a route by which people come in. */
export const Knocking = createParamDecorator((_: unknown, context: ExecutionContext): Knocker => {
  const { ip, headers } = context.switchToHttp().getRequest<Request>();
  const device = headers['user-agent']?.slice(0, LONGEST) ?? null;
  return { place: placeOf(ip), device, cookie: headers.cookie };
});

import type { FastifyAdapter } from '@nestjs/platform-fastify';

/** Fastify's own types, by way of Nest's adapter: the door knows one framework by name. */
export type Request = Parameters<FastifyAdapter['getRequestHostname']>[0];
export type Reply = Parameters<FastifyAdapter['redirect']>[0];

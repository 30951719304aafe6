import { connect } from 'node:net';
import type { DataSource } from 'typeorm';
import { atMost } from '#platform/pause.js';
import type { Look } from './health.service.js';

const LONG_MS = 1_000;
/** In a rush a question waits for its turn. */
const VERY_LONG_MS = 3_000;

/** The database is there when it answers a question; nobody can wait until a silent line is known to be dead. */
export const databaseAnswers =
  (source: DataSource): Look =>
  () =>
    Promise.race([
      source.query('select 1').then(() => 'ok' as const),
      atMost(VERY_LONG_MS).then(() => 'down' as const),
    ]);

/** Another server is there when it takes a connection. */
export const reaches =
  (address: string): Look =>
  () =>
    new Promise((resolve) => {
      const [host = '', port = ''] = address.split(':');
      const socket = connect({ host, port: Number(port), timeout: LONG_MS });
      const answer = (how: 'ok' | 'degraded') => () => {
        socket.destroy();
        resolve(how);
      };
      socket
        .once('connect', answer('ok'))
        .once('error', answer('degraded'))
        .once('timeout', answer('degraded'));
    });

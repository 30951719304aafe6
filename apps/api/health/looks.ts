import { connect } from 'node:net';
import type { DataSource } from 'typeorm';
import type { Look } from './health.service.js';

const LONG_MS = 1_000;

/** The database is there when it answers a question. */
export const databaseAnswers =
  (source: DataSource): Look =>
  async () => {
    await source.query('select 1');
    return 'ok';
  };

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

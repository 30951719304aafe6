import { noticeMachine, type Notice } from '#domain/notice/notice.js';
import type { Process } from './process.js';

/** One notice on its way out: it is sent, and that it was sent is recorded. (SUP-0) */
export const notice: Process<Notice> = {
  name: 'notice',
  edition: 1,
  machine: noticeMachine,
  stages: {
    async ordered(p) {
      await p.once('deliver', { command: 'recordDelivery', input: {} });
    },
  },
};

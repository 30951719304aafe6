import { certificateMachine } from '#domain/certificate/certificate.js';
import type { Certificate } from '#domain/certificate/life.js';
import { openTask, type Process } from './process.js';

/**
 * One certificate in time. It is granted by a decision before this process begins; only its end in time is recorded here,
 * on the day that the domain computed. (R-CAL-2, R-CAL-5, R-REC-6, R-CRT-7)
 */
export const certificate: Process<Certificate> = {
  name: 'certificate',
  edition: 1,
  machine: certificateMachine,
  stages: {
    async active(p, { expiry }) {
      await p.once('ask-for-document', openTask({ queue: 'scheme-administrator', asks: 'issueDocument' }));
      p.remind('expiry');
      if (!expiry) return;
      await p.until({
        on: p.thing.expiry?.date ?? expiry.date,
        because: 'the last valid day of the certificate',
      });
      await p.once('expire', { command: 'expireCertificate', input: {} });
    },
    async expired(p, { window, marksDue }) {
      const due = marksDue ? { due: marksDue.date } : {};
      await p.once(
        'ask-about-marks',
        openTask({ queue: 'aims-manager', asks: 'acknowledgeMarkInstructions', ...due }),
      );
      p.remind('mark-instructions');
      p.remind('restoration-window');
      if (!window) return;
      await p.until({ on: window.date, because: 'the last day of the restoration window' });
      await p.once('end-restoration-window', { command: 'endRestorationWindow', input: {} });
    },
  },
};

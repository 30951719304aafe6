import { pino, type Logger } from 'pino';

export type Log = Logger;

/** JSON lines with ids only. ERROR means that somebody must act: a healthy run has none. */
export function makeLog(program: string, level: string): Log {
  return pino({
    level,
    base: { program, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: pino.stdSerializers.err },
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['*.password', '*.token', '*.key', 'headers.authorization'], censor: '(hidden)' },
  });
}

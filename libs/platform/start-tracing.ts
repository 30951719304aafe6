import type { Config } from './config.js';
import type { Log } from './log.js';
import { untraced, type Tracing } from './tracing.js';

/** The tracing of a program. Where no collector is set it is off, and nothing of it is loaded. */
export async function startTracing(
  { otlpUrl }: Pick<Config, 'otlpUrl'>,
  program: string,
  log: Log,
): Promise<Tracing> {
  if (otlpUrl === undefined) return untraced;
  const { CollectorTracing } = await import('./collector-tracing.js');
  return new CollectorTracing({ url: otlpUrl, program, log });
}

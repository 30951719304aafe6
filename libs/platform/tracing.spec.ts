import { makeLog } from './log.js';
import { startTracing } from './start-tracing.js';
import { readTraceParent, traced, untraced, writeTraceParent } from './tracing.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const log = makeLog('api', 'silent');

test.each([
  [`00-${TRACE}-${SPAN}-01`, 1],
  [`00-${TRACE}-${SPAN}-00`, 0],
  [`00-${TRACE}-${SPAN}-ff`, 1],
  [`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`, 1],
])('a traceparent is read as W3C writes it: %s', (text, traceFlags) => {
  expect(readTraceParent(text)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags });
});

test.each([
  '',
  'hello',
  `00-${TRACE}-${SPAN}`,
  `00-${TRACE}-${SPAN}-01-more`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-01\n`,
])('what is none counts for nothing: %j', (text) => {
  expect(readTraceParent(text)).toBeUndefined();
});

test('what is written is read back', () => {
  const written = `00-${TRACE}-${SPAN}-01`;
  expect(readTraceParent(written)).toBeDefined();
  expect(writeTraceParent({ traceId: TRACE, spanId: SPAN, traceFlags: 1 })).toBe(written);
});

test('where no collector is named nothing is traced, and work is done as always', async () => {
  const tracing = await startTracing({ otlpUrl: undefined }, 'api', log);
  expect(tracing).toBe(untraced);
  const span = tracing.begin({ name: 'work' });
  expect([span.traceparent, span.ids]).toEqual([undefined, {}]);
  expect(await traced(span, () => Promise.resolve(7))).toBe(7);
  await expect(traced(span, () => Promise.reject(new RangeError('no')))).rejects.toThrow('no');
  await tracing.close();
});

import type { Which } from '#database/reading/things.js';

type Words = Readonly<Record<string, string | undefined>>;

/** What the parameters of a list narrow it to. */
export function narrowing(kind: string, query: Words): Which {
  const { state, programme, about, queue } = query;
  const common = {
    kind,
    ...(state === undefined ? {} : { stages: state.split(',') }),
    ...(programme === undefined ? {} : { programme }),
    ...(about === undefined ? {} : { about }),
  };
  return kind === 'task' && queue !== undefined ? { ...common, match: { queue } } : common;
}

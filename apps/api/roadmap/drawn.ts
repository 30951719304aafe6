import { inWords } from '#domain/explanation.js';
import type { Thing } from '#domain/machine.js';
import { isProgramme } from '#domain/programme/facts.js';
import type { Roadmap, Station, StepShown } from '#domain/roadmap/roadmap.js';

/** A roadmap as the door shows it. */
export function drawn(programme: Thing, { today, next, late, readiness, steps, timeline }: Roadmap): object {
  const self = `/v1/programmes/${programme.id}`;
  return {
    object: 'roadmap',
    programme: programmeShown(programme),
    today,
    next: next ? stationShown(next) : null,
    late: late.map(stationShown),
    readiness: readiness ? readinessShown(readiness) : null,
    steps: steps.map(stepShown),
    timeline: timeline.map(stationShown),
    links: { self: `${self}/roadmap`, programme: self },
  };
}

function programmeShown(programme: Thing): object {
  const { id, number, stage } = programme;
  const { cycle, governingZone } = isProgramme(programme) ? programme : { cycle: 1, governingZone: 'UTC' };
  return { id, number: number ?? null, state: stage, cycle, governingZone };
}

const readinessShown = ({ items: _, ...readiness }: NonNullable<Roadmap['readiness']>): object => readiness;

const stepShown = ({ step, name, id, stage, due, doneOn }: StepShown): object => ({
  ...{ step, name, id, state: stage },
  due: due ?? null,
  sentence: due ? inWords(due) : null,
  doneOn: doneOn ?? null,
});

function stationShown(one: Station): object {
  const { status, date, what, thing } = one;
  const mark = { status, date, what, thing };
  if (!('due' in one)) return { ...mark, key: null, due: null, sentence: null, owedBy: [] };
  const { key, due, owedBy } = one;
  return { ...mark, key, due, sentence: inWords(due), owedBy };
}

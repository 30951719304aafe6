import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { historyFromJSON, historyToJSON, type History } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { evolve, type Fact } from '#domain/machine.js';
import { processes } from '#workflows/processes.js';

const FOLDER = 'test/histories';
/** Where a run was lived says nothing, and is nobody's business. */
const BY_WHOM = /"\d+@[^"]*"/g;
const IN_JSON = Buffer.from('json/plain').toString('base64');

/** With these a run has come to rest: it waits, or is over, and nothing of it is under way. */
const RESTS: readonly string[] = [
  'WORKFLOW_TASK_COMPLETED',
  'MARKER_RECORDED',
  'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
  'TIMER_STARTED',
  'TIMER_CANCELED',
  'WORKFLOW_EXECUTION_COMPLETED',
].map((type) => `EVENT_TYPE_${type}`);

/** An event of a history in the JSON that Temporal's tools write and read. */
interface EventInJson {
  readonly eventType: string;
}

/** The history of one run, recorded once and kept as it is. */
export interface Recorded {
  readonly process: string;
  /** The scenario, and which of its processes and runs it was. */
  readonly name: string;
  readonly events: readonly EventInJson[];
}

const fileOf = (process: string, name: string): string =>
  join(FOLDER, process, String(processes[process]?.edition), `${name}.json.gz`);

/** True for the history of a run that waits or is over. Only those are kept: a replay has no activities. */
export const isAtRest = (history: History): boolean =>
  RESTS.includes(inJson(history).events.at(-1)?.eventType ?? '');

/** True when every process that was ever recorded in a scenario is recorded in it under its current edition too. */
export function isKept(scenario: string): boolean {
  const known = globSync(join(FOLDER, '*', '*', `${scenario}.json.gz`)).map(
    (file) => file.split(sep)[2] ?? '',
  );
  return known.length > 0 && known.every((process) => existsSync(fileOf(process, scenario)));
}

/** Keeps a history under the current edition of its process, unless one of that name is there. */
export function keep(process: string, name: string, history: History): void {
  const file = fileOf(process, name);
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  const text = JSON.stringify(inJson(history)).replaceAll(BY_WHOM, '"worker"');
  writeFileSync(file, gzipSync(text, { level: 9 }));
}

/** Every history of the current edition of a process. */
export const recordedOf = (process: string): readonly Recorded[] =>
  globSync(fileOf(process, '*'))
    .toSorted()
    .map((file) => ({
      process,
      name: basename(file, '.json.gz'),
      ...(JSON.parse(gunzipSync(readFileSync(file)).toString()) as Pick<Recorded, 'events'>),
    }));

/** Replays histories under a bundle; answers what stands against each that does not fit, by its name. */
export async function misfits(
  code: string,
  histories: readonly Recorded[],
): Promise<Readonly<Record<string, Error>>> {
  const found: Record<string, Error> = {};
  const pushed = histories.map(({ process, name, events }) => ({
    workflowId: `${process}/${name}`,
    history: historyFromJSON({ events }),
  }));
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: { code } }, pushed))
    if (error) found[workflowId] = error;
  return found;
}

/** The stages through which the thing goes in what the run was told. */
export function stagesIn({ process, events }: Recorded): ReadonlySet<string> {
  const { machine } = processes[process] ?? {};
  if (!machine) throw new RangeError(`no process is called ${process}`);
  const facts = new Map(factsIn(events).map((fact) => [fact.version, fact]));
  let thing = machine.initial('');
  const stages = [...facts.values()]
    .toSorted((a, b) => a.version - b.version)
    .map((fact) => {
      thing = evolve(machine, thing, fact);
      return thing.stage;
    });
  return new Set(stages);
}

const inJson = (history: History): Pick<Recorded, 'events'> =>
  JSON.parse(historyToJSON(history)) as Pick<Recorded, 'events'>;

/** Every fact in every message and answer that is part of it. */
export function factsIn(part: unknown): readonly Fact[] {
  if (typeof part !== 'object' || part === null) return [];
  if (!isPayload(part)) return Object.values(part).flatMap((one: unknown) => factsIn(one));
  const value = JSON.parse(Buffer.from(part.data, 'base64').toString()) as { facts?: readonly Fact[] } | null;
  return value?.facts ?? [];
}

interface Payload {
  readonly metadata: { readonly encoding: string };
  readonly data: string;
}

const isPayload = (part: object): part is Payload =>
  'data' in part && (part as Partial<Payload>).metadata?.encoding === IN_JSON;

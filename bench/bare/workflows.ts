import { defineSearchAttributeKey } from '@temporalio/common';
import {
  condition,
  defineSignal,
  proxyLocalActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';

interface Bare {
  insertStep(id: string, body: string): Promise<number>;
  readEntries(id: string): Promise<number>;
  insertTask(id: string, body: string): Promise<number>;
  writeAgenda(id: string): Promise<number>;
}

const { insertStep, readEntries, insertTask, writeAgenda } = proxyLocalActivities<Bare>({
  startToCloseTimeout: '10s',
});
const stageKey = defineSearchAttributeKey('Stage', 'KEYWORD');

/** The bare thing: told a fact, it takes one step in PostgreSQL and waits for the next. */
export async function bare(id: string): Promise<void> {
  const facts: string[] = [];
  setHandler(defineSignal<[string]>('told'), (fact) => {
    facts.push(fact);
  });
  for (;;) {
    await condition(() => facts.length > 0);
    await insertStep(id, facts.shift() ?? '');
  }
}

/** The bare thing with the local activities of ours: reads what is there, asks, rests, reminds, rests, and shows where it stands. */
export async function bareAlike(id: string): Promise<void> {
  const facts: string[] = [];
  setHandler(defineSignal<[string]>('told'), (fact) => {
    facts.push(fact);
  });
  await readEntries(id);
  for (;;) {
    await condition(() => facts.length > 0);
    const fact = facts.shift() ?? '';
    await insertTask(`${id}/asked`, fact);
    await writeAgenda(id);
    await insertTask(`${id}/reminded`, fact);
    await writeAgenda(id);
    upsertSearchAttributes([{ key: stageKey, value: 'raised' }]);
  }
}

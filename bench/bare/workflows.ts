import { condition, defineSignal, proxyLocalActivities, setHandler } from '@temporalio/workflow';

interface Bare {
  insertStep(id: string, body: string): Promise<number>;
}

const { insertStep } = proxyLocalActivities<Bare>({ startToCloseTimeout: '10s' });

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

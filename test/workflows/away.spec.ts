import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { routes } from '#contract/routes/all.js';
import { sandboxes } from '#contract/routes/sandboxes.js';
import { makeFirstKey } from '#database/first-key.js';
import type { Id } from '#domain/actor.js';
import { connectTemporal } from '#platform/temporal-client.js';
import type { TemporalServer } from '#platform/temporal-server.js';
import { ApiDoor } from '../api/support/door.js';
import { givenId, type Client } from '../support/client.js';
import { factsIn } from '../support/histories.js';
import { Installation, until } from '../support/live.js';
import { operatorOf } from '../support/operator.js';
import { usual, type Deed, type Who } from '../support/own-finding.js';
import { expectSame } from '../support/same.js';
import { ownTemporal } from '../support/temporal.js';
import { startWorker } from '../support/worker.js';

const FINDINGS = 10;
const NAME = 'away';
const LONG = 180_000;

let installation: Installation;
let door: ApiDoor;
let temporal: TemporalServer;
let client: Client;
let findings: readonly Id[];

beforeAll(async () => {
  installation = await Installation.make();
  const { database } = installation;
  const evidenceFolder = mkdtempSync(join(tmpdir(), 'evidence-'));
  door = await ApiDoor.before({ database, evidenceFolder }, await makeFirstKey(database.ownerUrl));
  temporal = await ownTemporal(NAME);
  await startWorker({ database, temporal });
  client = await installation.client(1);
  findings = await Promise.all(Array.from({ length: FINDINGS }, () => client.draft()));
}, LONG);

afterAll(async () => {
  await door.close();
  await installation.end();
});

const tokens = new Map<Who, string>();

async function tokenOf(who: Who): Promise<string> {
  const acting = {
    params: { id: givenId('sbx', 1) },
    key: `be-${who}`,
    body: { person: client.person(who) },
  };
  const token = tokens.get(who) ?? (await door.as().call(sandboxes.actAs, acting)).token;
  tokens.set(who, token);
  return token;
}

/** One deed over HTTP, against the version that stands. */
async function does(finding: Id, { by, type, input, reason }: Deed, place: number): Promise<number> {
  const [row] = await installation.look<{ version: number }>(
    'select version from perennial.stream where id = $1',
    [finding],
  );
  const path = routes.find(({ command }) => command?.type === type)?.path.replace('{id}', finding) ?? '';
  const body = { ...input, ...(reason === undefined ? {} : { reason }) };
  const token = await tokenOf(by);
  const sent = { token, key: `${finding}-${String(place)}`, version: row?.version ?? 0, body };
  return (await door.send('POST', path, sent)).status;
}

/** How many facts there are that no person has recorded. */
async function byEngine(): Promise<number> {
  const text = `select count(*) from perennial.ledger_entry where convert_from(body, 'UTF8')::jsonb->'actor'->>'role' = 'engine'`;
  const [row] = await installation.look<{ count: string }>(text);
  return Number(row?.count);
}

/** The versions of the facts that came to the run of a process, in the order in which they came. */
async function heard(process: Id): Promise<readonly number[]> {
  const server = await connectTemporal(temporal, 10_000);
  const { events } = JSON.parse(historyToJSON(await server.workflow.getHandle(process).fetchHistory())) as {
    events: object[];
  };
  await server.connection.close();
  return [...new Set(events.flatMap((event) => factsIn(event)).map(({ version }) => version))];
}

test(
  'while the workflow server is away the API takes commands as always; afterwards every process acts on them, in order and once',
  async () => {
    const port = Number(temporal.address.split(':')[1]);
    await temporal.stop();
    const before = await byEngine();
    const deeds = client.deeds({ ...usual, ending: 'open' });
    for (const [place, deed] of deeds.entries()) {
      const answers = await Promise.all(findings.map((finding) => does(finding, deed, place)));
      expect(answers).toEqual(findings.map(() => 200));
    }
    expect(await byEngine()).toBe(before);
    temporal = await ownTemporal(NAME, port);
    const agendas = await installation.agendas();
    expect(agendas.length).toBeGreaterThanOrEqual(FINDINGS);
    expect(await byEngine()).toBeGreaterThan(before);
    for (const finding of findings) {
      let versions: readonly number[] = [];
      await until(async () => {
        versions = await heard(`corrective-action/${finding}`);
        return versions.length > deeds.length;
      }); // what a run has read stands in its history when its turn is over, a moment after it has parked
      expect(versions).toEqual(versions.map((_, index) => index + 1));
    }
    const twice = await installation.look(
      `select command from perennial.ledger_entry where command like 'corrective-action/%'
       group by command having count(distinct recorded_at) > 1`,
    );
    expect(twice).toEqual([]);
    const entries = await installation.entries();
    await (
      await operatorOf(installation.database, temporal)
    )('rebuild');
    expectSame(await installation.agendas(), agendas);
    expect(await installation.entries()).toBe(entries);
  },
  LONG,
);

import type { Id } from '#domain/actor.js';
import { certification, type Certification } from './support/certification.js';
import { ApiDoor, type Got } from './support/door.js';
import { leavesNothing, look } from './support/traces.js';

let door: ApiDoor;
let stage: Certification;
beforeAll(async () => {
  door = await ApiDoor.open();
  stage = await certification(door, '2026-12-08');
}, 180_000);
afterAll(() => door.close());

const tokenOf = (name: string): string =>
  stage.people.find(({ id }) => id === stage.names.find(name))?.token ?? '';
const days = { firstDay: '2027-02-09', lastDay: '2027-02-11' };

async function agree(who: string, auditorDays: unknown, dry = false): Promise<Got> {
  const id: Id = stage.names.id('stage1');
  const path = `/v1/audits/${id}`;
  const [token, headers] = [tokenOf(who), { 'perennial-dry-run': String(dry) }];
  const shown = await door.send('GET', path, { token });
  const { version } = JSON.parse(shown.bytes.toString()) as { version: number };
  const sent = { token, key: 'agrees', version, headers, body: { ...days, auditorDays } };
  return door.send('POST', `${path}/agree-audit-dates`, sent);
}
const said = ({ bytes }: Got): unknown => JSON.parse(bytes.toString());

test.each([2.25, -0.5, 1_000.5, '2.5', null])('an audit does not take %j days', async (auditorDays) => {
  const got = await leavesNothing(door, () => agree('ines', auditorDays));
  expect(said(got)).toMatchObject({ code: 'invalid-body', errors: [{ pointer: '/auditorDays' }] });
});

test('an audit takes whole days and halves of days, and the ledger says so in whole numbers', async () => {
  const dry = await leavesNothing(door, () => agree('ines', 2.5, true));
  expect([dry.status, said(dry)]).toMatchObject([200, { recorded: [] }]);
  expect(await agree('ines', 2.5)).toMatchObject({ status: 200 });
  const got = await agree('lena', 2.5);
  expect([got.status, said(got)]).toMatchObject([200, { state: 'scheduled', auditorDays: 2.5 }]);
  const [entry] = await look<{ body: string }>(
    door,
    `select convert_from(body, 'UTF8') as body from perennial.ledger_entry where type = 'audit.scheduled'`,
  );
  expect(JSON.parse(entry?.body ?? '')).toMatchObject({ data: { auditorHalfDays: 5 } });
});

import type { CivilDate } from '#domain/instant.js';
import { programmes } from '#contract/routes/programmes.js';
import { roadmap } from '#contract/routes/roadmap.js';
import { templates } from '#contract/routes/templates.js';
import { inWords, type ExplainedDate } from '#domain/explanation.js';
import { CommandLine } from '../support/command-line.js';
import { certification, type Certification } from './support/certification.js';
import { moveClock } from './support/clock.js';
import { PastWorld } from './support/past.js';
import type { Somebody } from './support/people.js';
import { look } from './support/traces.js';

/** A certification up to the day after the grant, beside a whole one whose dates have passed. */
const [GRANT, DAY_AFTER] = ['2027-07-19', '2027-07-20'];

let past: PastWorld;
let granted: Certification;
beforeAll(async () => {
  past = await PastWorld.open();
  await moveClock(past.door, await past.sandbox(), '2030-06-14T08:00:00.000Z');
  granted = await certification(past.door, GRANT);
}, 240_000);
afterAll(() => past.close());

type Query = Readonly<Record<string, string>>;
const roadmapOf = ({ token }: Somebody, id: string, query: Query = {}) =>
  past.door.as(token).call(roadmap.get, { params: { id }, query });
const ofGranted = (name: string, query: Query = {}) =>
  roadmapOf(past.who(name, granted), granted.names.id('programme'), query);
const ofWhole = (name: string, query: Query = {}) =>
  roadmapOf(past.who(name), past.world.names.id('programme'), query);

const lines = (stations: Awaited<ReturnType<typeof ofWhole>>['timeline']): readonly string[] =>
  stations.map(({ date, status, what }) => `${date} ${status} ${what}`);

const AHEAD = [
  ...['2028-07-19 due surveillance audit', '2029-07-19 due surveillance by the date of the programme'],
  ...['2029-12-31 due surveillance audit', '2030-01-18 due start of the recertification'],
  ...['2030-04-18 due recertification audit', '2030-06-18 due decision on the recertification'],
  '2030-07-18 due decision before the certificate expires',
];

test.each(['ines', 'greta'])(
  'M70: the day after the grant the next surveillance comes next, with its reason and its rule, and three years stand on it (%s)',
  async (name) => {
    const { programme, today, next, late, timeline } = await ofGranted(name);
    expect(today).toBe(DAY_AFTER);
    expect(programme).toMatchObject({ state: 'certified', cycle: 1, governingZone: 'Europe/Berlin' });
    expect(next).toMatchObject({
      ...{ status: 'due', date: '2028-07-19', what: 'surveillance audit', key: 'surveillance' },
      due: { date: '2028-07-19', kind: 'hard', rule: 'R-SUR-1' },
      owedBy: ['aims-manager', 'programme-manager'],
    });
    expect(next?.sentence).toMatch(/^2028-07-19: 12 months after decision of 2027-07-19 \(R-SUR-1\)/);
    expect(late).toEqual([]);
    expect(lines(timeline).filter((line) => line.includes(' due '))).toEqual(AHEAD);
    expect(lines(timeline).filter((line) => !line.includes(' due '))).toEqual([
      ...['2026-10-05 happened programme opened', '2026-10-13 happened application'],
      ...['2026-10-26 happened application accepted', '2026-11-10 happened agreement'],
      ...['2027-02-10 happened Stage 1', '2027-04-23 happened Stage 2', '2027-07-19 happened grant'],
    ]);
    const found = await past.door.send(
      'GET',
      `/v1/surveillances/${next?.thing ?? ''}`,
      past.who(name, granted),
    );
    expect(found.status).toBe(200);
  },
);

test('R-RDY-2, INV-8: the client sees its thirteen steps and its score; the body those that follow the audits, and no score', async () => {
  const [client, body] = [await ofGranted('ines'), await ofGranted('greta')];
  expect(client.steps.map(({ step, name, state }) => `${String(step)} ${name} ${state}`)).toEqual([
    ...['0 charter done', '1 scope done', '2 gap analysis done', '3 policies, treatment and controls done'],
    ...['4 documentation done', '5 operation done', '6 internal audit and management review done'],
    ...['7 choice of the certification body done', '8 Stage 1 done', '9 findings done', '10 Stage 2 done'],
    ...['11 certificate done', '12 maintenance inProgress'],
  ]);
  expect(client.readiness).toMatchObject({ readyForStage1: true, score: 100, lacking: [] });
  expect(client.steps[3]).toMatchObject({ due: { date: '2026-12-11', kind: 'soft' }, doneOn: '2026-11-20' });
  expect(body.steps).toEqual(client.steps.slice(8));
  expect(body.readiness).toBeNull();
});

test('SM-1: on the way, what the client has planned comes next for the client alone', async () => {
  const [client, body] = [
    await ofGranted('ines', { asOf: '2026-11-12' }),
    await ofGranted('greta', { asOf: '2026-11-12' }),
  ];
  expect(client.today).toBe('2026-11-12');
  const own = client.timeline.filter(({ thing }) => thing.startsWith('rdy_'));
  expect(own.length).toBeGreaterThan(0);
  expect(body.timeline.filter(({ thing }) => thing.startsWith('rdy_'))).toEqual([]);
  expect(body.timeline).toEqual(client.timeline.filter(({ thing }) => !thing.startsWith('rdy_')));
});

test('the sentence is the way to the date in words, for everything that is owed; what the lists say is what stands here', async () => {
  const { timeline, next, late } = await ofWhole('ines');
  const owed = timeline.filter(({ due }) => due !== null);
  for (const { due, sentence, date } of owed) {
    expect(sentence).toBe(inWords(due as unknown as ExplainedDate));
    expect(due?.date).toBe(date);
  }
  expect(late.length).toBeGreaterThan(0);
  expect(owed.filter(({ status }) => status === 'late')).toEqual(late);
  expect(owed.find(({ status }) => status === 'due')).toEqual(next);
  const id = past.world.names.id('programme');
  const rows = await look<{ stream: string; key: string; due: CivilDate }>(
    past.door,
    `select o.stream, o.key, o.due::text from perennial.obligation o join perennial.stream s on s.id = o.stream
     where s.programme = $1 or s.id = $1 order by o.due`,
    [id],
  );
  expect(owed.map(({ thing, key, date }) => `${date} ${thing} ${key ?? ''}`).toSorted()).toEqual(
    rows.map(({ stream, key, due }) => `${due} ${stream} ${key}`).toSorted(),
  );
});

test('R-CAL-2: what was not held in time is late, the longest first', async () => {
  const { today, late, next } = await ofWhole('greta');
  expect(late.map(({ date }) => date)).toEqual(late.map(({ date }) => date).toSorted());
  expect(late[0]).toMatchObject({ date: '2028-07-19', status: 'late', due: { rule: 'R-SUR-1' } });
  for (const { date } of late) expect(date < today).toBe(true);
  expect((next?.date ?? '') >= today).toBe(true);
});

test('R-GEN-5: the past of a roadmap: as of now it is what it is, and as of the day of the grant what it was', async () => {
  const now = await past.now();
  for (const name of ['ines', 'greta']) {
    const { asOf, knownAt, ...was } = await ofWhole(name, { asOf: now, knownAt: now });
    expect([asOf, knownAt]).toEqual([now, now]);
    expect(was).toEqual(await ofWhole(name));
    const { timeline, today } = await ofWhole(name, { asOf: DAY_AFTER });
    expect(today).toBe(DAY_AFTER);
    expect(lines(timeline)).toEqual(lines((await ofGranted(name)).timeline));
  }
  const before = await ofWhole('greta', { asOf: '2027-07-18' });
  expect(before.programme.state).toBe('initial');
  expect(lines(before.timeline).filter((line) => line.includes('grant'))).toEqual([]);
  expect((await ofWhole('ines', { knownAt: '2026-10-20T08:00:00Z' })).today).toBe('2026-10-20');
});

test('by its number for people it is the same, and HEAD and 304 do not fail', async () => {
  const { number } = (await ofGranted('ines')).programme;
  const { token } = past.who('ines', granted);
  expect(await roadmapOf({ ...past.who('ines', granted) }, number ?? '')).toEqual(await ofGranted('ines'));
  expect((await past.door.send('HEAD', `/v1/programmes/${number ?? ''}/roadmap`, { token })).status).toBe(
    200,
  );
});

test('nobody else sees it, and nothing but a programme has one', async () => {
  const id = past.world.names.id('programme');
  const foreign = [past.stranger, past.who('ines', granted), past.who('greta', granted)];
  for (const { token } of foreign)
    for (const query of ['', '?asOf=2027-01-01'])
      expect((await past.door.problem('GET', `/v1/programmes/${id}/roadmap${query}`, { token })).code).toBe(
        'not-found',
      );
  const certificate = past.world.names.id('certificate');
  for (const wrong of [
    certificate,
    'prg_00000000000000000000000000',
    'prg_',
    'x',
    "'; drop table",
    '%00',
    'A-2029-0001',
  ])
    for (const query of ['', '?asOf=2027-01-01'])
      expect(await past.codeOf(`/v1/programmes/${encodeURIComponent(wrong)}/roadmap${query}`)).toBe(
        'not-found',
      );
});

test.each([
  ['asOf=2027-02-31', 'invalid-parameter'],
  ['asOf=soon', 'invalid-parameter'],
  ['knownAt=2027-02-01', 'invalid-parameter'],
  ['asOf=2099-01-01', 'as-of-in-future'],
  ['knownAt=2099-01-01T00:00:00Z', 'as-of-in-future'],
  ['asOf=2020-01-01', 'not-yet-there'],
  ['include=actions', 'unknown-parameter'],
  ['asOf=2027-02-01&asOf=2027-02-02', 'invalid-parameter'],
])('%s is refused with %s', async (query, code) => {
  expect(await past.codeOf(`${past.addressOf('programme')}/roadmap?${query}`)).toBe(code);
});

test('without a key, and with a body that is sent along, nothing is shown that should not be', async () => {
  const path = `${past.addressOf('programme')}/roadmap`;
  expect((await past.door.problem('GET', path, { token: 'prn_live_nobody' })).status).toBe(401);
  expect(
    (await past.door.problem('POST', path, { token: past.who('ines').token, key: 'x', body: {} })).status,
  ).toBe(405);
});

test('the command line shows it as lines and tables', async () => {
  const { token } = past.who('ines', granted);
  const line = new CommandLine({ PERENNIAL_URL: past.door.url, PERENNIAL_KEY: token });
  const { exit, data: out } = await line.type(['programmes', 'roadmap', granted.names.id('programme')]);
  expect(exit).toBe(0);
  expect(out).toMatch(/^PRG-2026-\d{4} +certified, cycle 1; today 2027-07-20 \(Europe\/Berlin\)$/m);
  expect(out).toMatch(
    /^next +2028-07-19 +hard +surveillance audit, owed by aims-manager, programme-manager$/m,
  );
  expect(out).toMatch(/^ +2028-07-19: 12 months after decision of 2027-07-19 \(R-SUR-1\)/m);
  expect(out).toMatch(/^2 +gap analysis +done/m);
  expect(out).toMatch(/^2030-07-18 +due +decision before the certificate expires +hard +R-CAL-5/m);
  expect(out.split('\n').length).toBeLessThan(50);
});

test('R-SOA-1: documents to begin with are filled with what the programme knows, for whoever may see it', async () => {
  const id = granted.names.id('programme');
  const listed = await past.door.as(past.who('ines', granted).token).call(templates.list, { params: { id } });
  expect(listed.data.map(({ name, documentKind }) => [name, documentKind])).toContainEqual([
    ...['statement-of-applicability', 'statementOfApplicability'],
  ]);
  const written = async (name: string): Promise<string> => {
    const params = { id, template: 'statement-of-applicability' };
    return (await past.door.as(past.who(name, granted).token).call(templates.get, { params })).text;
  };
  const text = await written('ines');
  expect(text).toContain('AI systems: Wren, the customer chat assistant (provider, user)');
  expect(text).toContain('| A.7.6 | preparation of data | no |');
  expect(text).toContain('| A.8.2 | information for users | yes | to be done |');
  // The gap analysis is the client's own.
  expect(await written('greta')).toContain('| A.8.2 | information for users | yes |  |');
  const { token } = past.who('ines', granted);
  expect((await past.door.send('GET', `/v1/programmes/${id}/templates/none`, { token })).status).toBe(404);
  const line = new CommandLine({ PERENNIAL_URL: past.door.url, PERENNIAL_KEY: token });
  const typed = await line.type(['programmes', 'templates', id, 'risk-register']);
  expect(typed).toMatchObject({ exit: 0 });
  expect(typed.data).toMatch(/^# Risk register\n/);
});

test('days are those of the zone that governs the programme: at ten in the evening in Berlin it is tomorrow in Auckland', async () => {
  await moveClock(past.door, past.small.sandbox, '2029-03-01T12:00:00.000Z');
  const body = { governingZone: 'Pacific/Auckland' };
  const { id } = await past.door
    .as(past.stranger.token)
    .call(programmes.commands.openProgramme, { key: 'far', body });
  const { today, timeline, next } = await roadmapOf(past.stranger, id);
  expect([today, lines(timeline), next]).toEqual([
    '2029-03-02',
    ['2029-03-02 happened programme opened'],
    null,
  ]);
});

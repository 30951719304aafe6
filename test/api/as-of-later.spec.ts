import { policies } from '#contract/routes/body.js';
import { decisions } from '#contract/routes/decisions.js';
import { findings } from '#contract/routes/findings.js';
import { programmes } from '#contract/routes/programmes.js';
import type { Id } from '#domain/actor.js';
import { moveClock } from './support/clock.js';
import { PastWorld, type Shown } from './support/past.js';
import { join, type Somebody } from './support/people.js';
import { raised } from './support/world.js';

/** The last day that the script plays, and the two on which a wrong date is noticed and mended. */
const [END, LATER, MENDED] = ['2027-07-21', '2027-07-26T08:00:00.000Z', '2027-09-01T08:00:00.000Z'];

let past: PastWorld;
let sandbox: Id;
/** The second administrator of the body. */
let nils: Somebody;
/** A finding that is drafted at midnight in Berlin, when 22 July 2027 begins. */
let midnight: Id;
beforeAll(async () => {
  past = await PastWorld.open();
  sandbox = await past.sandbox();
  const { organisation } = past.who('selma');
  const joins = { organisation, name: 'Nils Berg', mail: 'nils@meridian.example' };
  nils = await join(past.door, sandbox, { ...joins, roles: ['scheme-administrator'] });
}, 120_000);
afterAll(() => past.close());

describe('What is written later', () => {
  it('counts from its day on for those who know it, and not for those who knew what was known', async () => {
    const kofi = past.who('kofi');
    const client = past.door.as(kofi.token);
    const draft = { under: past.world.names.id('programme'), source: 'internalAudit' as const };
    const { id } = await client.call(findings.commands.draftFinding, { key: 'late', body: draft });
    midnight = id;
    await moveClock(past.door, sandbox, LATER);
    const late = { ...raised, effectiveOn: '2027-07-23', reason: 'Written down after the holiday' };
    const asked = { params: { id }, key: 'late', version: 1, body: late };
    await client.call(findings.commands.raiseNonconformity, asked);
    const at = (query: string): Promise<Shown> => past.read(`/v1/findings/${id}?${query}`, kofi);
    const stateAt = async (query: string): Promise<string> => (await at(query)).state;
    expect((await past.problem(`/v1/findings/${id}?asOf=${END}`, kofi)).code).toBe('not-yet-there');
    expect(await stateAt('asOf=2027-07-22')).toBe('draft');
    expect(await stateAt('asOf=2027-07-23')).toBe('raised');
    expect(await stateAt('asOf=2027-07-24&knownAt=2027-07-25T00:00:00Z')).toBe('draft');
    expect(await stateAt('knownAt=2027-07-25T00:00:00Z')).toBe('draft');
    expect(await stateAt(`knownAt=${LATER}`)).toBe('raised');
    const texts = (shown: Shown): object => shown['texts'] as object;
    expect(texts(await at('asOf=2027-07-23'))).toMatchObject({ statement: raised.statement });
    expect(texts(await at('asOf=2027-07-22'))).not.toHaveProperty('statement');
  });

  it('leaves what was known as it was known: a certificate whose date of decision is corrected', async () => {
    const before = await past.was('certificate', `knownAt=${LATER}`);
    expect(before).toMatchObject({
      decidedOn: '2027-07-19',
      expiry: { date: '2030-07-18' },
      status: 'active',
    });
    const old = `${past.addressOf('certificate')}?asOf=${LATER}&knownAt=${LATER}`;
    const kept = await past.door.send('GET', old, { token: past.who('ines').token });
    await moveClock(past.door, sandbox, MENDED);
    await correct('2027-07-16');
    const expiry = async (query: string): Promise<unknown> =>
      (await past.was('certificate', query))['expiry'];
    expect(await past.was('certificate', '')).toMatchObject({ expiry: { date: '2030-07-15' } });
    expect(await expiry(`knownAt=${LATER}`)).toMatchObject({ date: '2030-07-18' });
    expect(await expiry(`knownAt=${MENDED}`)).toMatchObject({ date: '2030-07-15' });
    expect(await expiry('asOf=2027-09-01')).toMatchObject({ date: '2030-07-15' });
    expect(await expiry('asOf=2027-09-01&knownAt=2027-08-31T00:00:00Z')).toMatchObject({
      date: '2030-07-18',
    });
    expect(await past.was('certificate', `knownAt=${LATER}`)).toEqual(before);
    expect((await past.door.send('GET', old, { token: past.who('ines').token })).bytes).toEqual(kept.bytes);
    const dossier = `${past.addressOf('dossier')}?knownAt=${LATER}`;
    expect(await past.read(dossier, past.who('greta'))).toMatchObject({ decidedOn: '2027-07-19' });
    const listed = await past.page(`/v1/certificates?knownAt=${LATER}`);
    expect(listed.data).toMatchObject([{ expiry: { date: '2030-07-18' }, status: 'active' }]);
  });
});

/** Two administrators correct the date of the decision, each by a command of their own. */
async function correct(decidedOn: string): Promise<void> {
  const selma = past.who('selma');
  const id = past.world.names.id('dossier');
  const evidence = [await evidenceOf(selma)];
  for (const { token } of [selma, nils]) {
    const { version } = await past.door.as(token).call(decisions.get, { params: { id } });
    const body = { decidedOn, reason: 'The minutes say so', evidence };
    await past.door
      .as(token)
      .call(decisions.commands.correctDecisionDate, { params: { id }, key: 'mend', version, body });
  }
}

const evidenceOf = async (by: Somebody): Promise<Id> =>
  (await past.page('/v1/evidence?pageSize=1', by)).data[0]?.id ?? '';

describe('A certificate on a day', () => {
  it.each([
    ['2027-06-20', 'draft', 'none'],
    ['2027-07-18', 'draft', 'none'],
    ['2027-07-19', 'active', 'active'],
    ['2027-07-26', 'active', 'active'],
  ])('of %s is %s and worth %s, to both sides alike', async (day, state, status) => {
    for (const name of ['ines', 'greta'])
      expect(await past.was('certificate', `asOf=${day}&knownAt=${LATER}`, past.who(name))).toMatchObject({
        state,
        status,
      });
  });

  it('is worth what its dates say, however late its process is', async () => {
    const policy = await threeMonths();
    await moveClock(past.door, sandbox, '2031-03-01T08:00:00.000Z');
    for (const name of ['ines', 'greta']) {
      const onDay = async (query: string): Promise<unknown> => {
        const { state, status } = await past.was('certificate', query, past.who(name));
        return [state, status];
      };
      expect(await onDay('asOf=2030-07-15')).toEqual(['active', 'active']);
      expect(await onDay('asOf=2030-07-16')).toEqual(['active', 'restorable']);
      expect(await onDay('asOf=2030-10-15')).toEqual(['active', 'restorable']);
      expect(await onDay('asOf=2030-10-16')).toEqual(['active', 'final']);
      // Before the policy was approved the window was that of the rules: six months.
      expect(await onDay('asOf=2031-01-18&knownAt=2027-08-31T00:00:00Z')).toEqual(['active', 'restorable']);
      expect(await onDay('asOf=2031-01-19&knownAt=2027-08-31T00:00:00Z')).toEqual(['active', 'final']);
    }
    expect(await past.codeOf(`/v1/policies/${policy}?asOf=2030-01-01`)).toBe('not-found');
    const { data } = await past.page('/v1/certificates?asOf=2030-10-16');
    expect(data).toMatchObject([{ status: 'final' }]);
    expect(await past.was('certificate', '')).not.toHaveProperty('status');
  });

  /** A policy of the body that its clients cannot read: a certificate can be restored for three months. */
  const threeMonths = async (): Promise<Id> => {
    const body = { values: { 'restore.monthsAfterExpiry': 3 } };
    const selma = past.door.as(past.who('selma').token);
    const { id, version } = await selma.call(policies.commands.draftPolicy, { key: 'three', body });
    const asked = { params: { id }, key: 'three', version, body: {} };
    await past.door.as(nils.token).call(policies.commands.approvePolicy, asked);
    return id;
  };

  it('is worth what was known of its dates: before the correction it was to last three days longer', async () => {
    const status = async (query: string) => (await past.was('certificate', query))['status'];
    expect(await status('asOf=2030-07-17')).toBe('restorable');
    expect(await status('asOf=2030-07-17&knownAt=2027-08-31T00:00:00Z')).toBe('active');
  });
});

describe('A day', () => {
  const began = (query: string): Promise<string | undefined> =>
    past.codeOf(`/v1/findings/${midnight}?${query}`, past.who('kofi'));

  it('ends in the zone that governs the programme, as far as that was known', async () => {
    expect(await began('asOf=2027-07-21')).toBe('not-yet-there');
    expect(await began('asOf=2027-07-22')).toBeUndefined();
    const params = { id: past.world.names.id('programme') };
    const { token } = past.who('selma');
    const { version } = await past.door.as(token).call(programmes.get, { params });
    const body = { governingZone: 'Pacific/Honolulu', reason: 'The client has moved' };
    const asked = { params, key: 'moves', version, body };
    await past.door.as(token).call(programmes.commands.changeGoverningZone, asked);
    expect(await began('asOf=2027-07-21')).toBeUndefined();
    expect(await began(`asOf=2027-07-21&knownAt=${LATER}`)).toBe('not-yet-there');
    expect((await past.was('programme', 'asOf=2027-07-21'))['governingZone']).toBe('Europe/Berlin');
  });

  it('begins in the zone of the programme, wherever its organisation is; a list takes a day that has begun anywhere', async () => {
    await moveClock(past.door, past.small.sandbox, '2029-03-01T12:00:00.000Z');
    const opened = { key: 'far', body: { governingZone: 'Pacific/Auckland' } };
    const { id } = await past.door.as(past.stranger.token).call(programmes.commands.openProgramme, opened);
    const code = (path: string) => past.codeOf(path, past.stranger);
    expect(await code(`/v1/programmes/${id}?asOf=2029-03-01`)).toBe('not-yet-there');
    expect(await code(`/v1/programmes/${id}?asOf=2029-03-02`)).toBeUndefined();
    expect(await code(`/v1/programmes/${id}?asOf=2029-03-03`)).toBe('as-of-in-future');
    expect((await past.page('/v1/programmes?asOf=2029-03-01', past.stranger)).data).toEqual([]);
    expect((await past.page('/v1/programmes?asOf=2029-03-02', past.stranger)).data).toMatchObject([{ id }]);
    expect(await code('/v1/programmes?asOf=2029-03-03')).toBe('as-of-in-future');
  });
});

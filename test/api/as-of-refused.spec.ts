import { unknownId } from './support/generated.js';
import { PastWorld } from './support/past.js';

let past: PastWorld;
beforeAll(async () => {
  past = await PastWorld.open();
}, 120_000);
afterAll(() => past.close());

describe('What is not there', () => {
  it('is not yet there for those who may see it, with the day since when', async () => {
    const told = await past.problem(`${past.addressOf('major')}?asOf=2027-04-20`, past.who('lena'));
    expect(told).toMatchObject({ status: 404, code: 'not-yet-there' });
    expect(told.detail).toContain('2027-04-22T');
    for (const part of ['/entries', '/obligations'])
      expect((await past.problem(`${past.addressOf('major')}${part}?asOf=2027-04-20`)).code).toBe(
        'not-yet-there',
      );
    expect((await past.problem(`${past.addressOf('major')}?knownAt=2027-04-20T00:00:00Z`)).code).toBe(
      'not-yet-there',
    );
  });

  it('is the same answer for a stranger, whichever day is asked about, as for what never was', async () => {
    const alike = async (path: string): Promise<string> => {
      const { instance: _, requestId: __, ...rest } = await past.problem(path, past.stranger);
      return JSON.stringify(rest);
    };
    const none = await alike(`/v1/findings/${unknownId('fnd')}`);
    expect(none).toContain('"code":"not-found"');
    for (const part of ['', '/entries', '/obligations'])
      for (const query of [
        'asOf=2027-04-20',
        'asOf=2027-06-01',
        'asOf=2199-01-01',
        'knownAt=2027-06-01T00:00:00Z',
      ])
        for (const address of [past.addressOf('major'), `/v1/findings/${unknownId('fnd')}`])
          expect(await alike(`${address}${part}?${query}`)).toBe(none);
  });

  it('lies ahead on the clock of the thing, which today does not', async () => {
    const now = await past.now();
    const late = new Date(Date.parse(now) + 1).toISOString();
    const ahead = { status: 400, code: 'as-of-in-future' };
    const wrong = { asOf: ['2199-12-31', late], knownAt: [late] };
    for (const [parameter, values] of Object.entries(wrong))
      for (const value of values)
        for (const path of ['/v1/findings', past.addressOf('major'), `${past.addressOf('major')}/entries`]) {
          const told = await past.problem(`${path}?${parameter}=${value}`);
          expect(told).toMatchObject({ ...ahead, errors: [{ parameter, code: 'out-of-range' }] });
        }
    // The clock shows 22:00 UTC: in Berlin the next day has begun.
    expect(now).toBe('2027-07-21T22:00:00.000Z');
    expect(await past.codeOf(`${past.addressOf('major')}?asOf=2027-07-23`)).toBe('as-of-in-future');
    expect(await past.codeOf(`${past.addressOf('major')}?asOf=2027-07-22`)).toBeUndefined();
    for (const query of [`asOf=${now.slice(0, 10)}`, `asOf=${now}`, `knownAt=${now}`]) {
      await past.was('major', query);
      await past.read(`/v1/findings?${query}`);
    }
    const both = await past.problem(
      `${past.addressOf('major')}?asOf=2199-12-31&knownAt=2199-12-31T00:00:00Z`,
    );
    expect(both.errors.map(({ parameter }) => parameter)).toEqual(['asOf', 'knownAt']);
  });

  it('lies ahead of whoever keeps sandboxes only when it does so on every clock that they keep', async () => {
    const keeper = { ...past.who('ines'), token: past.door.key };
    const { data } = await past.page('/v1/programmes?asOf=2027-04-22', keeper);
    expect(data.map(({ id }) => id)).toContain(past.world.names.id('programme'));
    expect((await past.was('programme', 'asOf=2027-04-22', keeper)).state).toBe('initial');
    const organisation = `/v1/organisations/${keeper.organisation}?asOf=2027-04-22`;
    expect(await past.read(organisation, keeper)).toMatchObject({ state: 'active' });
    expect((await past.problem('/v1/programmes?asOf=2099-01-01', keeper)).code).toBe('as-of-in-future');
    expect((await past.problem(`${past.addressOf('programme')}?asOf=2029-01-01`, keeper)).code).toBe(
      'as-of-in-future',
    );
  });

  it.each([
    ['asOf', '2027-02-31', 'not-a-date'],
    ['asOf', '2027-02-29', 'not-a-date'],
    ['asOf', '12027-02-01', 'not-a-date'],
    ['asOf', '1899-12-31', 'not-a-date'],
    ['asOf', '', 'not-a-date'],
    ['asOf', 'yesterday', 'not-a-date'],
    ['asOf', '2027-04-22T24:00:00Z', 'not-a-date'],
    ['asOf', '2027-04-22T09:00:00%2B02:00', 'not-a-date'],
    ['asOf', '2027-04-22%00', 'wrong-form'],
    ['asOf', '2027-04-22&asOf=2027-04-23', 'wrong-type'],
    ['knownAt', '2027-04-22', 'not-an-instant'],
    ['knownAt', '2027-02-31T00:00:00Z', 'not-an-instant'],
    ['knownAt', '12027-02-01T00:00:00Z', 'not-an-instant'],
    ['knownAt', '', 'not-an-instant'],
  ])('%s=%s is refused as %s by every route that has it', async (parameter, value, code) => {
    for (const path of [
      '/v1/findings',
      ...['', '/entries', '/obligations'].map((part) => past.addressOf('major') + part),
    ])
      expect(await past.problem(`${path}?${parameter}=${value}`)).toMatchObject({
        ...{ status: 400, code: 'invalid-parameter', errors: [{ parameter, code }] },
      });
  });
});

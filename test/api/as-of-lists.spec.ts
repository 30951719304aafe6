import { findings } from '#contract/routes/findings.js';
import { programmes } from '#contract/routes/programmes.js';
import type { Id } from '#domain/actor.js';
import { unknownId } from './support/generated.js';
import { PastWorld, type Shown } from './support/past.js';
import { look } from './support/traces.js';

let past: PastWorld;
beforeAll(async () => {
  past = await PastWorld.open();
}, 120_000);
afterAll(() => past.close());

describe('A list of an old day', () => {
  const all = async (query: string, by = past.who('lena'), kind = 'findings'): Promise<readonly Shown[]> =>
    (await past.all(`/v1/${kind}?${query}`, by)).rows;
  const states = (rows: readonly Shown[]): readonly string[] => rows.map(({ state }) => state);

  it('has what there was, as it was, page by page', async () => {
    expect(await all('asOf=2027-01-24', past.who('kofi'))).toEqual([]);
    expect(await all('asOf=2027-01-25', past.who('kofi'))).toHaveLength(1);
    expect(await all('asOf=2027-04-21')).toEqual([]);
    const whole = await all('asOf=2027-04-23');
    expect(states(whole)).toEqual(expect.arrayContaining(['raised']));
    expect(whole.length).toBeGreaterThan(1);
    expect(await all('asOf=2027-04-23&pageSize=1')).toEqual(whole);
    for (const row of whole)
      expect(await past.read(`/v1/findings/${row.id}?asOf=2027-04-23`, past.who('lena'))).toEqual({
        ...{ ...row, asOf: '2027-04-23', knownAt: null },
      });
  });

  it('is narrowed by what was so then, not by what is so now', async () => {
    const major = past.world.names.id('major');
    const idsOf = async (query: string) => (await all(query)).map(({ id }) => id);
    expect(await idsOf('asOf=2027-04-30&state=raised')).toContain(major);
    expect(await idsOf('asOf=2027-04-30&state=closedVerified')).not.toContain(major);
    expect(await idsOf('asOf=2027-07-07&state=closedVerified')).toContain(major);
    expect(await idsOf('asOf=2027-07-07&state=raised&pageSize=1')).not.toContain(major);
    expect(await idsOf(`asOf=2027-04-30&programme=${past.world.names.id('programme')}`)).toContain(major);
    expect(await idsOf(`asOf=2027-04-30&programme=${unknownId('prg')}`)).toEqual([]);
    expect(await idsOf(`asOf=2027-04-30&about=${past.world.names.id('stage1')}`)).not.toContain(major);
    expect(await idsOf(`asOf=2027-04-30&about=${past.world.names.id('stage2')}`)).toContain(major);
  });

  it('has of the inbox what was open then', async () => {
    const inbox = (query: string) => all(query, past.who('ines'), 'tasks');
    const asked = { queue: 'aims-manager', asks: 'submitPlan', about: past.world.names.id('major') };
    expect(await inbox('asOf=2027-05-12&state=open,claimed&queue=aims-manager')).toMatchObject([asked]);
    expect(await inbox('asOf=2027-05-12&state=open,claimed&queue=lead-auditor')).toEqual([]);
    expect(await inbox('asOf=2027-05-13&state=open,claimed&queue=aims-manager')).toEqual([]);
    const done = await inbox('asOf=2027-05-13&state=done&queue=aims-manager');
    expect(done.map(({ about }) => about)).toContain(asked.about);
  });

  it('shows nothing to a stranger, and what is its own client’s to nobody of the body', async () => {
    expect(await all('asOf=2029-03-01', past.stranger)).toEqual([]);
    const own = past.world.names.id('unfair-refunds');
    const idsOf = async (name: string) => (await all('asOf=2027-02-03', past.who(name))).map(({ id }) => id);
    expect(await idsOf('kofi')).toContain(own);
    expect(await idsOf('lena')).not.toContain(own);
  });

  it('refuses a page token of another day, of another knowledge, and of the present', async () => {
    const list = '/v1/findings?pageSize=1';
    const { nextPageToken } = await past.page(`${list}&asOf=2027-04-23`, past.who('lena'));
    const token = `&pageToken=${nextPageToken ?? ''}`;
    expect(nextPageToken).not.toBeNull();
    for (const other of ['&asOf=2027-04-24', '&asOf=2027-04-23&knownAt=2027-05-01T00:00:00Z', ''])
      expect([other, (await past.problem(`${list}${other}${token}`, past.who('lena'))).code]).toEqual([
        ...[other, 'page-token-invalid'],
      ]);
    await past.read(`${list}&asOf=2027-04-23${token}`, past.who('lena'));
    const present = await past.page(list, past.who('lena'));
    const wrong = `${list}&asOf=2027-04-23&pageToken=${present.nextPageToken ?? ''}`;
    expect((await past.problem(wrong, past.who('lena'))).code).toBe('page-token-invalid');
  });
});

describe('A list of very many', () => {
  /** Two thousand findings like one that was drafted, behind the door. */
  const multiply = async (id: Id): Promise<void> => {
    const made = `(select n, 'fnd_' || lpad(n::text, 26, '0') as id from generate_series(1, 2000) n)`;
    await look(
      past.door,
      `insert into perennial.stream select m.id, kind, organisation, programme, about, visibility, null, stage, version,
         jsonb_set(state, '{id}', to_jsonb(m.id)), created_at, updated_at from perennial.stream s, ${made} m where s.id = $1`,
      [id],
    );
    await look(
      past.door,
      `insert into perennial.ledger_entry (organisation, log, stream, version, command, ordinal, type, actor, recorded_at, body, leaf_hash)
       select organisation, log, m.id, version, 'cmd_' || m.n, ordinal, type, actor, recorded_at, m.body, sha256('\\x00'::bytea || m.body)
       from perennial.ledger_entry e, lateral (select n, id, convert_to(replace(convert_from(e.body, 'UTF8'), $1, id), 'UTF8') as body
         from ${made} k) m where e.stream = $1`,
      [id],
    );
  };

  it('ends its page behind a thousand that it has gone through, and goes on with the next', async () => {
    const client = past.door.as(past.stranger.token);
    const opened = { key: 'many', body: { governingZone: 'Europe/Vienna' } };
    const { id: under } = await client.call(programmes.commands.openProgramme, opened);
    const draft = { key: 'many', body: { under, source: 'internalAudit' as const } };
    await multiply((await client.call(findings.commands.draftFinding, draft)).id);
    const raised = await past.all('/v1/findings?asOf=2029-03-01&pageSize=10&state=raised', past.stranger);
    expect(raised).toEqual({ rows: [], pages: [0, 0, 0] });
    const drafts = await past.all('/v1/findings?asOf=2029-03-01&pageSize=200', past.stranger);
    expect(drafts.pages.length).toBe(11);
    expect(new Set(drafts.rows.map(({ id }) => id)).size).toBe(2001);
  });
});

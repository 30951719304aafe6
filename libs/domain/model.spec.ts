import fc from 'fast-check';
import type { Command } from './act.js';
import { addDays } from './calendar.js';
import { certificateMachine } from './certificate/certificate.js';
import { account, audit, draft, open, people, programme } from './decision/scene.js';
import { civilDate, type CivilDate } from './instant.js';
import type { Event } from './machine.js';
import { machines } from './machines.js';
import { BEGIN, beginning, items, refuses, type Model } from './model/decisions.js';
import { moves } from './model/findings.js';
import { broken, type Told } from './model/invariants.js';
import { allowed, commands, foretold } from './model/model.js';
import { inTeam, names, staff, type Step } from './model/staff.js';
import { raise as raising } from './nonconformity/scene.js';
import { by, command, given } from './specification.js';

// Random commands by random people against a small model that knows who may do what, when, and nothing of how it is built.

const findings = ['fnd_0', 'fnd_1'] as const;
const certificates = ['crt_1', 'crt_2'] as const;
const evidence = [{ sha256: 'd'.repeat(64), bytes: 1, type: 'text/plain' }];
const plan = {
  ...{ correction: 'a', extent: 'b', cause: 'c', causeMethod: 'd', correctiveAction: 'e' },
  ...{ owner: staff.dana.id, actionDue: civilDate('2027-06-01') },
};

interface Place {
  readonly today: CivilDate;
  readonly dossier: string;
  readonly certificate: string;
}

/** The commands whose input is more than what every command here brings. */
const inputs: Readonly<Record<string, (step: Step, place: Place) => Partial<Command>>> = {
  draftFinding: ({ which }) => ({
    input: { source: which === 0 ? 'audit' : 'monitoring' },
    under: which === 0 ? 'aud_1' : 'prg_1',
  }),
  raiseNonconformity: ({ grade }) => ({ input: raising({ grade }).input }),
  submitPlan: () => ({ input: plan }),
  submitEvidence: () => ({ input: {} }),
  confirmEffective: () => ({ input: { lesson: 'Look twice.' } }),
  openDossier: (_, { dossier }) => ({
    ...open(),
    stream: `dec_${String(Number(dossier.split('_')[1]) + 1)}`,
  }),
  addToDossier: ({ item }) => ({ input: { item, comment: 'looked at' } }),
  draftCertificate: ({ which }) => ({ ...draft(), stream: certificates[which] }),
  assignDecisionMaker: ({ maker }) => ({ input: { person: staff[maker].id } }),
  startReview: () => ({ input: { freeOfConflicts: true } }),
  recommend: ({ which }) => ({ stream: 'aud_1', input: { value: which === 1 ? 'refuse' : 'grant' } }),
  handToDecision: () => ({ stream: 'aud_1' }),
  decide: (step, { today }) => ({
    input: { decision: refuses(step) ? 'refuse' : 'grant', effectiveDate: addDays(today, step.ahead) },
  }),
  notifyDecision: () => ({ input: { wayToAppeal: 'Within 30 days' } }),
  correctDecisionDate: ({ ahead }, { today }) => ({ input: { decidedOn: addDays(today, ahead) } }),
  endProgramme: () => ({ stream: 'prg_1', input: { cause: 'voluntary' } }),
};

const ofCertificate = Object.keys(certificateMachine.commands);

/** The command behind a step, always with complete input, reason and evidence. */
function commandOf(step: Step, place: Place): Command {
  const { does, which, grade } = step;
  const other = ofCertificate.includes(does) ? place.certificate : place.dossier;
  return {
    ...command(does, does in moves ? findings[which] : other, { grade, method: 'document', for: 'grade' }),
    ...{ reason: 'because', evidence },
    ...inputs[does]?.(step, place),
  };
}

const step: fc.Arbitrary<Step> = fc.record({
  does: fc.constantFrom(...commands),
  who: fc.constantFrom(...names),
  which: fc.constantFrom(0, 0, 1),
  grade: fc.constantFrom('major', 'minor'),
  days: fc.constantFrom(0, 0, 0, 0, 1, 1, 9, 40, 1200),
  ahead: fc.constantFrom(-1, 0, 5),
  item: fc.constantFrom(...items),
  maker: fc.constantFrom('dom', 'eva'),
});

const team = inTeam.map((name) => staff[name].id);
const world = given(programme(), ...people, account(staff.dana), audit({ everInTeam: team }));

interface Played {
  readonly told: readonly Told[];
  readonly scene: typeof world;
  readonly model: Model;
}

/** How often each command and each person met a yes and a no, over all runs. */
const tally = new Map<string, number>();
const count = (...keys: readonly string[]): void => {
  keys.forEach((key) => tally.set(key, (tally.get(key) ?? 0) + 1));
};

const countAnswer = (word: 'yes' | 'no', { does, who }: Step): void => {
  count(word, `${word} ${does}`, `${word} ${who}`);
};

/** Years pass only where something lasts for years. */
const waited = ({ certificate: { at } }: Model, days: number): number =>
  days < 100 || at === 'active' || at === 'expired' ? days : 0;

const streamOf = (events: readonly Event[], type: string): string | undefined =>
  events.find((event) => event.type === type)?.stream;

function play(script: readonly { step: Step; choice: number }[]): Played {
  let [today, model, scene]: [CivilDate, Model, typeof world] = [BEGIN, beginning, world];
  let [dossier, certificate]: [string, string] = ['dec_0', 'crt_1'];
  const told: Told[] = [];
  for (const { step: drawn, choice } of script) {
    today = addDays(today, waited(model, drawn.days));
    const chosen = choice > 0 ? (allowed(model, drawn, today, choice) ?? drawn) : drawn;
    const answer = scene.when(
      commandOf(chosen, { today, dossier, certificate }),
      by(staff[chosen.who], today),
    );
    const next = foretold(model, chosen, today);
    if (answer.events.length > 0 !== (next !== undefined))
      throw new Error(
        `${chosen.who} tries ${chosen.does} on ${today}: the model says ${next ? 'yes' : 'no'} at ${JSON.stringify(model)}`,
      );
    countAnswer(next ? 'yes' : 'no', chosen);
    if (!next) continue;
    [model, scene] = [next, answer.done()];
    told.push(...answer.events.map((event) => ({ event, on: today })));
    dossier = streamOf(answer.events, 'dossier.opened') ?? dossier;
    certificate = streamOf(answer.events, 'certificate.drafted') ?? certificate;
  }
  return { told, scene, model };
}

/** INV-7: each change has its fact, numbered without a gap, and the facts alone give the same state. */
function replays({ told, scene }: Played): void {
  const again = told.reduce((now, { event }) => now.and(event), world);
  const find = ({ things }: typeof world, id: string) =>
    things
      .filter((one) => one.id === id)
      .map(({ enteredAt: _, since: __, awaited: ___, texts, ...thing }) => ({
        ...thing,
        texts: { ...texts, agreedTo: undefined },
      }));
  const moved = [...new Set(told.map(({ event }) => event.stream))].filter((id) => !id.startsWith('tsk_'));
  for (const id of moved) {
    expect(find(again, id)).toEqual(find(scene, id));
    const before = world.things.some((thing) => thing.id === id) ? 1 : 0;
    expect(scene.version(id)).toBe(before + told.filter(({ event }) => event.stream === id).length);
  }
}

test('INV-1 to INV-5, INV-7 to INV-9: whatever people try in whatever order, the model foretells it and no invariant breaks', () => {
  tally.clear();
  const choice = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(99_999) });
  const script = fc.array(fc.record({ step, choice }), { minLength: 10, maxLength: 60, size: 'max' });
  fc.assert(
    fc.property(script, (one) => {
      const played = play(one);
      expect(broken(played.told, team, findings)).toEqual([]);
      replays(played);
      count(...new Set(played.told.map(({ event }) => event.type)));
    }),
    { numRuns: 500, interruptAfterTimeLimit: 50_000, markInterruptAsFailure: true },
  );
  const met = (what: string): number => tally.get(what) ?? 0;
  const never = [...commands, ...names].flatMap((one) =>
    ['yes', 'no'].map((word) => `${word} ${one}`).filter((word) => met(word) === 0),
  );
  // Whoever was in the team of the audit is refused whatever they try; everybody else, and every command, meets both.
  expect(never).toEqual(['yes eva']);
  expect(met('yes')).toBeGreaterThan(met('no'));
  expect(met('certificate.granted')).toBeGreaterThan(40);
  expect(met('certificate.expired')).toBeGreaterThan(15);
}, 60_000);

test('each invariant is seen to be broken where it is', () => {
  const on = civilDate('2027-05-01');
  const told = (type: string, data: object, stream = 'fnd_0'): Told => ({
    event: { stream, kind: 'nonconformity', type, data },
    on,
  });
  const dates = { decidedOn: '2028-02-29', expiry: { date: '2031-02-27' } };
  const grant = told('certificate.granted', dates);
  const made = (data: object) => told('decision.made', { by: ['per_x'], on, effectiveDate: on, ...data });
  const expired = { ...told('certificate.expired', { on: '2031-02-28' }), on: civilDate('2031-03-05') };
  const planned = told('nonconformity.plan-submitted', { by: ['per_x', 'per_y'], owner: 'per_z' });
  const histories: readonly (readonly [readonly Told[], readonly string[]])[] = [
    [[made({}), grant, expired], []],
    [[made({ by: ['per_x', ...team] })], ['INV-1']],
    [[made({ effectiveDate: '2027-04-30' })], ['INV-2']],
    [[made({ on: '2027-05-02', effectiveDate: '2027-05-02' })], ['INV-13']],
    [
      [
        told('nonconformity.raised', { grade: 'minor' }),
        told('nonconformity.regraded', { to: 'major' }),
        grant,
      ],
      ['INV-3'],
    ],
    [[grant, grant], ['two certificates were granted']],
    [[told('certificate.granted', { ...dates, expiry: { date: '2031-02-28' } })], ['INV-5']],
    [[grant, { ...expired, on: civilDate('2031-02-27') }], ['INV-4']],
    [
      [grant, expired, told('certificate.document-issued', { version: 1, scopeVersion: 1, soaVersion: 1 })],
      ['INV-4'],
    ],
    [[told('certificate.document-issued', { version: 1, scopeVersion: 1 })], ['INV-9']],
    [[planned, told('nonconformity.plan-accepted', { by: 'per_y' })], ['INV-8 plan']],
    [[planned, told('nonconformity.closed', { by: 'per_z' })], ['INV-8 verification']],
    [[planned, told('nonconformity.plan-accepted', { by: 'per_z' })], []],
  ];
  for (const [history, breaks] of histories) expect(broken(history, team, findings)).toEqual(breaks);
});

test('the model and the machines speak of the same commands', () => {
  const known = Object.values(machines).flatMap(({ commands: own }) => Object.keys(own));
  expect(commands.filter((name) => !known.includes(name))).toEqual([]);
});

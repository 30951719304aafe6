import fc from 'fast-check';
import type { Command } from './act.js';
import { addDays } from './calendar.js';
import { certificateMachine } from './certificate/certificate.js';
import { decisionMachine } from './decision/decision.js';
import {
  BEGIN,
  allowed,
  beginning,
  foretold,
  items,
  moves,
  names,
  staff,
  steps,
  type Model,
  type Step,
} from './decision/model.js';
import { C, D, add, assign, audit, draft, open, people, programme, start } from './decision/scene.js';
import { civilDate, type CivilDate } from './instant.js';
import type { Event, Thing } from './machine.js';
import { nonconformityMachine } from './nonconformity/nonconformity.js';
import { raise as raising } from './nonconformity/scene.js';
import { by, command, given } from './specification.js';

// Random commands by random people against a small model that knows who may do what, when, and nothing of how it is built.

const ids = ['fnd_0', 'fnd_1'] as const;
const evidence = [{ sha256: 'd'.repeat(64), bytes: 1, type: 'text/plain' }];
const plan = {
  ...{ correction: 'a', extent: 'b', cause: 'c', causeMethod: 'd', correctiveAction: 'e' },
  ...{ owner: staff.dana.id, actionDue: civilDate('2027-06-01') },
};

/** The command behind a step, always with complete input. */
function commandOf(step: Step, today: CivilDate): Command {
  const { does, which, grade, ahead } = step;
  const inputs: Record<string, Command> = {
    draftFinding: command(
      does,
      ids[which],
      { source: which === 0 ? 'audit' : 'monitoring' },
      { under: which === 0 ? 'aud_1' : 'prg_1' },
    ),
    raiseNonconformity: { ...raising({ grade }), stream: ids[which] },
    submitPlan: command(does, ids[which], plan),
    openDossier: open(),
    addToDossier: add(step.item),
    draftCertificate: draft(),
    assignDecisionMaker: assign(staff[step.maker]),
    startReview: start,
    decide: command(does, D, { decision: 'grant', effectiveDate: addDays(today, ahead) }),
  };
  const plain = command(does, does in moves ? ids[which] : D, { grade, method: 'document', for: 'grade' });
  return { ...(inputs[does] ?? plain), reason: 'because', evidence };
}

const step: fc.Arbitrary<Step> = fc.record({
  does: fc.constantFrom(...Object.keys(moves), ...Object.keys(steps), ...Object.keys(steps)),
  who: fc.constantFrom(...names),
  which: fc.constantFrom(0, 1),
  grade: fc.constantFrom('major', 'minor'),
  days: fc.constantFrom(0, 0, 1, 9),
  ahead: fc.constantFrom(-1, 0, 5),
  item: fc.constantFrom(...items),
  maker: fc.constantFrom('dom', 'eva'),
});

const world = given(
  programme(),
  ...people,
  audit({ everInTeam: [staff.lea.id, staff.aud.id, staff.eva.id] }),
);

interface Played {
  readonly events: readonly Event[];
  readonly scene: typeof world;
  readonly model: Model;
}

function play(script: readonly { step: Step; guided: number }[]): Played {
  let [today, model, scene]: [CivilDate, Model, typeof world] = [BEGIN, beginning, world];
  const events: Event[] = [];
  for (const { step: drawn, guided } of script) {
    today = addDays(today, drawn.days);
    const good = allowed(model, drawn, today);
    const chosen = (guided > 0 ? good[guided % good.length] : undefined) ?? drawn;
    const answer = scene.when(commandOf(chosen, today), by(staff[chosen.who], today));
    const next = foretold(model, chosen, today);
    if (answer.events.length > 0 !== (next !== undefined))
      throw new Error(
        `${chosen.who} tries ${chosen.does}: the model says ${next ? 'yes' : 'no'} at ${JSON.stringify(model)}`,
      );
    if (!next) continue;
    [model, scene] = [next, answer.done()];
    events.push(...answer.events);
  }
  return { events, scene, model };
}

/** INV-3, told from the facts alone: the grade that was given last, and whether the finding was closed or taken back. */
function unverifiedMajors(events: readonly Event[]): number {
  const streams = new Set(events.filter(({ kind }) => kind === 'nonconformity').map(({ stream }) => stream));
  return [...streams].filter((stream) => {
    const own = events.filter((event) => event.stream === stream);
    const graded = own.map(({ data }) => data as { grade?: string; to?: string });
    const grade = graded.map((data) => data.to ?? data.grade).findLast((word) => word !== undefined);
    const over = own.some(
      ({ type }) => type === 'nonconformity.closed' || type === 'nonconformity.retracted',
    );
    return stream === ids[0] && grade === 'major' && !over;
  }).length;
}

function holds({ events, scene }: Played): void {
  const decisions = events.filter(({ type }) => type === 'decision.made');
  for (const { data } of decisions) {
    const { by: deciders, on, effectiveDate } = data as { by: string[]; on: string; effectiveDate: string };
    expect(deciders.filter((one) => [staff.lea.id, staff.aud.id, staff.eva.id].includes(one))).toEqual([]);
    expect(effectiveDate >= on).toBe(true);
  }
  const grant = events.findIndex(({ type }) => type === 'certificate.granted');
  if (grant >= 0) expect(unverifiedMajors(events.slice(0, grant))).toBe(0);
  const certificate = scene.things.find(({ id }) => id === C);
  expect(certificate?.stage === 'active').toBe(events.some(({ type }) => type === 'decision.made'));
  let planBy: readonly string[] = [];
  for (const { type, data } of events.filter(({ stream }) => stream === ids[1])) {
    if (type === 'nonconformity.plan-submitted') planBy = (data as { by: string[] }).by;
    if (type === 'nonconformity.plan-accepted') expect(planBy).not.toContain((data as { by: string }).by);
  }
}

/** INV-7: the facts alone give the same state; when it was written and who is awaited are told by the envelope. */
function replays({ events, scene }: Played): void {
  const again = events.reduce((now, event) => now.and(event), world);
  const bare = ({ enteredAt: _, awaited: __, ...thing }: Thing) => thing;
  const found = (all: readonly Thing[]) =>
    [...ids, D, C].map((id) => all.find((one) => one.id === id)).filter((one) => one !== undefined);
  expect(found(again.things).map(bare)).toEqual(found(scene.things).map(bare));
}

test('INV-1, INV-2, INV-3, INV-7, INV-8: whatever people try in whatever order, the model foretells it and no invariant breaks', () => {
  let granted = 0;
  const guided = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 4, arbitrary: fc.nat(999) });
  const script = fc.array(fc.record({ step, guided }), { maxLength: 60, size: 'max' });
  fc.assert(
    fc.property(script, (one) => {
      const played = play(one);
      holds(played);
      replays(played);
      if (played.model.granted) granted += 1;
    }),
    { numRuns: 500 },
  );
  expect(granted).toBeGreaterThan(20);
});

test('the model and the machines speak of the same commands', () => {
  const known = {
    ...nonconformityMachine.commands,
    ...decisionMachine.commands,
    ...certificateMachine.commands,
  };
  expect([...Object.keys(moves), ...Object.keys(steps)].filter((name) => !(name in known))).toEqual([]);
});

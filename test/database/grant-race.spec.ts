import type { Answer } from '#database/commands.js';
import type { Asked } from '#database/issue.js';
import { pause } from '#platform/pause.js';
import { undecided, type Undecided } from './undecided.js';
import { by, draft, raise, render, world, type Somebody, type World } from './world.js';

const RACES = 200;
const PAIRS = 25;

const grant = ({ dossier }: Undecided): Asked => ({
  type: 'decide',
  stream: dossier,
  input: { decision: 'grant' },
  reason: 'All requirements are fulfilled and the majors are verified',
});

const raiseMajor = ({ draft: stream }: Undecided): Asked => ({
  type: 'raiseNonconformity',
  stream,
  input: { grade: 'major', gradeReason: 'Updates are not under effective control' },
});

/** Each by a connection of its own; the one or the other comes a little earlier. */
async function race(
  { commands }: World,
  first: readonly [Somebody, Asked],
  second: readonly [Somebody, Asked],
  headStartMs: number,
): Promise<readonly [Answer, Answer]> {
  const does = async ([who, asked]: readonly [Somebody, Asked], waitMs: number): Promise<Answer> => {
    if (waitMs > 0) await pause(waitMs);
    return commands.execute(asked, by(who), render);
  };
  return Promise.all([does(first, -headStartMs), does(second, headStartMs)]);
}

const reasons = (answer: Answer): readonly string[] =>
  answer.kind === 'refused' ? answer.refused.map(({ code, rules }) => `${code} ${rules.join(' ')}`) : [];

const stages = async (
  { look }: World,
  { draft: finding, certificate, programme }: Undecided,
): Promise<string> => {
  const [row] = await look<{ stages: string }>(
    "select string_agg(kind || ' ' || stage, ', ' order by kind) as stages from perennial.stream where id = any ($1)",
    [[finding, certificate, programme]],
  );
  return row?.stages ?? '';
};

/** One programme's race as a line: who won, what the other was told, and how things stand. */
async function raced(w: World, one: Undecided, place: number): Promise<string> {
  const headStartMs = (place % 5) - 2;
  const [granted, raised] = await race(w, [one.maker, grant(one)], [one.lead, raiseMajor(one)], headStartMs);
  const told = [...reasons(granted), ...reasons(raised)].join('; ');
  return `${granted.kind}/${raised.kind}: ${told}: ${await stages(w, one)}`;
}

const GRANTED =
  'done/refused: wrong-state R-DEC-2: certificate active, nonconformity draft, programme certified';
const RAISED =
  'refused/done: major-not-verified R-DEC-2 INV-3: certificate draft, nonconformity raised, programme initial';

test('a major is raised while the certificate is being granted: one of the two is refused, 200 times', async () => {
  const w = await world({}, 4);
  const outcomes: string[] = [];
  for (const [place, one] of (await undecided(w, RACES)).entries()) outcomes.push(await raced(w, one, place));
  const won = (line: string): number => outcomes.filter((outcome) => outcome === line).length;
  expect(outcomes.filter((line) => line !== GRANTED && line !== RAISED)).toEqual([]);
  expect(won(GRANTED) + won(RAISED)).toBe(RACES);
  expect(Math.min(won(GRANTED), won(RAISED))).toBeGreaterThan(0);
}, 120_000);

describe('[S8] two people press at once on one finding', () => {
  const finding = async (w: World): Promise<string> =>
    (await w.does(w.iris, draft(w.programme))).thing.thing.id;

  test('one raises it, and the other learns that it was raised and what would be needed', async () => {
    const w = await world({}, 4);
    const ivan = await w.person(w.client, 'internal-auditor');
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const id = await finding(w);
      const major: Asked = { ...raise(id), input: { ...raise(id).input, grade: 'major' } };
      const answers = await race(w, [w.iris, raise(id)], [ivan, major], (pair % 3) - 1);
      const [row] = await w.look<{ grade: string; version: number }>(
        "select state->>'grade' as grade, version from perennial.stream where id = $1",
        [id],
      );
      const winner = answers[0].kind === 'done' ? 'minor' : 'major';
      expect(row).toEqual({ grade: winner, version: 2 });
      expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['done', 'refused']);
      const told = answers.flatMap((one) => (one.kind === 'refused' ? one.refused : []));
      expect(told).toMatchObject([
        { code: 'wrong-state', message: 'This is raised; for this it must be draft.' },
      ]);
    }
  });

  test('one grades it anew, and the other, who read the version before, learns which version stands', async () => {
    const w = await world({}, 4);
    const ivan = await w.person(w.client, 'internal-auditor');
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const id = await finding(w);
      await w.does(w.iris, raise(id));
      const [regrade, extend]: readonly Asked[] = [
        { type: 'regradeFinding', stream: id, version: 2, input: { grade: 'major' }, reason: 'Four systems' },
        {
          ...{ type: 'extendPlanDue', stream: id, version: 2, reason: 'Holidays' },
          input: { which: 'plan', until: '2099-01-01' },
        },
      ];
      const answers = await race(
        w,
        [w.iris, regrade ?? raise(id)],
        [ivan, extend ?? raise(id)],
        (pair % 3) - 1,
      );
      expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['done', 'refused']);
      expect(answers.flatMap(reasons)).toEqual(['stale-version INV-7']);
    }
  });
});

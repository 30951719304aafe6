import * as initial from '../audit/specification.js';
import { auditMachine } from '../audit/audit.js';
import { C, add, content, decide, dom, pia, sam, sue } from '../decision/scene.js';
import { decisionMachine } from '../decision/decision.js';
import { civilDate } from '../instant.js';
import { programmeMachine } from '../programme/programme.js';
import { by, command, did, engine, given } from '../specification.js';
import { surveillanceMachine } from '../surveillance/surveillance.js';
import { certifiedOn, doing, reported, type Scene } from '../surveillance/scene.js';

// Programme B goes on after its restoration window: certified on 2027-07-19, expired on 2030-07-19, begun anew on 2031-02-03.

const [AGAIN, GRANT, C2] = ['2031-02-03', '2031-06-10', 'crt_2'];
const because = { reason: 'As the file shows.' };
const over = () =>
  doing(reported(reported(certifiedOn('2027-07-19'), 1, '2028-06-13'), 2, '2029-06-12'), [
    did(command('expireCertificate', C), by(engine, '2030-07-19')),
    did(command('endRestorationWindow', C), by(engine, '2031-01-19')),
  ]);
const begun = () =>
  over().and(did(command('continueWithStage2', 'prg_1', { stage1Needed: false }, because), by(pia, AGAIN)));
const under = { under: 'prg_1' };

/** Another Stage 2 that was recommended, and its dossier up to the review. */
function underReview(): Scene {
  const stage2 = {
    ...begun().thing(auditMachine, 'aud_1'),
    ...{ id: 'aud_9', stage: 'handedToDecision' },
    ...{ firstDay: civilDate('2031-04-22'), lastDay: civilDate('2031-04-23') },
  };
  const dossier = command('openDossier', 'dec_2', { proposes: 'grant', audits: ['aud_9'] }, under);
  const ofDossier = (type: string, input: object = {}) => command(type, 'dec_2', input);
  return doing(begun().and(stage2), [
    did(dossier, by(pia, GRANT)),
    ...['nonconformityComments', 'applicationConfirmed', 'objectivesAchieved'].map((item) =>
      did({ ...add(item), stream: 'dec_2' }, by(pia, GRANT)),
    ),
    did(command('draftCertificate', C2, content, under), by(sam, GRANT)),
    did(ofDossier('declareDossierComplete'), by(pia, GRANT)),
    did(ofDossier('assignDecisionMaker', { person: dom.id }), by(pia, GRANT)),
    did(ofDossier('startReview', { freeOfConflicts: true }), by(dom, GRANT)),
  ]);
}
const grantedAnew = (on = GRANT) => underReview().and(did({ ...decide(), stream: 'dec_2' }, by(dom, on)));
const owedBy = (scene: Scene, certificate: string) =>
  scene.things
    .filter(surveillanceMachine.is)
    .filter((one) => one.certificate === certificate && one.stage !== 'closed')
    .map(({ due }) => [due?.date, due?.kind]);

describe('R-SUR-1: a certification begun anew owes its first surveillance within a year of its own decision', () => {
  test('whatever the one before it held', () => {
    expect(owedBy(grantedAnew(), C2)).toEqual([
      ['2032-06-10', 'hard'],
      ['2033-06-10', 'soft'],
    ]);
  });

  test('also when the date of the decision is corrected (R-CAL-15)', () => {
    const evidence = [{ sha256: 'd'.repeat(64), bytes: 1, type: 'text/plain' }];
    const input = { decidedOn: civilDate(GRANT) };
    const correct = command('correctDecisionDate', 'dec_2', input, { ...because, evidence });
    const moved = doing(grantedAnew('2031-06-11'), [
      did(correct, by(sam, '2031-06-20')),
      did(correct, by(sue, '2031-06-20')),
    ]);
    expect(owedBy(moved, C2)).toEqual(owedBy(grantedAnew(), C2));
  });

  test('SM-7: what the one before it still owed is over', () => {
    const scene = grantedAnew();
    const [left] = over().things.filter(surveillanceMachine.is);
    if (!left) throw new Error('nothing was owed');
    scene
      .and({ ...left, stage: 'reported' })
      .when(command('closeSurveillance', left.id), by(pia, GRANT))
      .records('surveillance.closed');
  });
});

describe('R-REC-6: at least another Stage 2 is needed', () => {
  test('a grant does not rest on the recommendation of the time before (I-38)', () => {
    const resting = doing(begun(), [
      did(command('openDossier', 'dec_2', { proposes: 'grant', audits: ['aud_1'] }, under), by(pia, GRANT)),
      did(command('draftCertificate', C2, content, under), by(sam, GRANT)),
    ]);
    const { missing } = resting.when(command('declareDossierComplete', 'dec_2'), by(pia, GRANT));
    expect(missing).toContain('recommendation');
    underReview()
      .and({ ...underReview().thing(decisionMachine, 'dec_2'), ...{ audits: ['aud_1'] } })
      .when({ ...decide(), stream: 'dec_2' }, by(dom, GRANT))
      .refuses('recommendation-missing', 'R-S2-4');
  });

  test('where a Stage 1 was found to be needed, Stage 2 rests on none of the time before (R-S2-2, I-38)', () => {
    const { audits, people, prepared, stage1Held, team, world } = initial;
    const stage2 = prepared('stage2', '2031-04-21', '2031-04-23');
    const start = command('startAudit', audits.stage2, { present: team.map(({ person }) => person) });
    const before = doing(given(...world), stage1Held());
    const lapsed = before.and({
      ...before.thing(programmeMachine, 'prg_1'),
      ...{ stage: 'initial', stage1Needed: true, continuedOn: civilDate(AGAIN) },
    });
    const confirmed = command('confirmStage1Validity', audits.stage1, { justification: 'The same system' });
    doing(lapsed, [did(confirmed, by(people.pia, AGAIN)), ...stage2.slice(0, -1)])
      .when(start, by(people.lea, '2031-04-21'))
      .refuses('stage1-not-concluded', 'R-S2-2');
  });
});

test('SM-0: its first decision is looked at again a year after it was begun anew, and people are reminded of it anew', () => {
  const programme = begun().thing(programmeMachine, 'prg_1');
  expect(programmeMachine.obligations?.(programme)).toMatchObject([
    { key: 'first-decision-2031-02-03', due: { date: '2032-02-03' } },
  ]);
});

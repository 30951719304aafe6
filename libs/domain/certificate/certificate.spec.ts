import {
  ENDED,
  EXPIRED,
  C,
  D,
  DAY,
  ana,
  dom,
  draft,
  granted,
  pia,
  programme,
  sam,
} from '../decision/scene.js';
import { programmeMachine } from '../programme/programme.js';
import { body, by, command, engine, given, person } from '../specification.js';
import { civilDate } from '../instant.js';
import { Policy } from '../policy.js';
import { certificateMachine, obligations } from './certificate.js';
import { statusOn } from './life.js';

const evidence = [{ sha256: 'c'.repeat(64), bytes: 10, type: 'application/pdf' }];
const issue = command('issueDocument', C, {}, { evidence });
const expire = command('expireCertificate', C);
const endWindow = command('endRestorationWindow', C);
const expired = () =>
  granted()
    .when(expire, by(engine, '2030-07-19'))
    .records(...EXPIRED);

describe('the draft', () => {
  const drafted = () => given(programme()).when(draft(), by(pia, DAY)).records('certificate.drafted');

  test('it grows piece by piece, and what is not named stays', () => {
    const scene = drafted()
      .when(command('draftCertificate', C, { soaVersion: 4 }), by(sam, DAY))
      .records('certificate.drafted');
    expect(scene.thing(certificateMachine, C)).toMatchObject({
      soaVersion: 4,
      scopeVersion: 1,
      sites: ['main'],
    });
  });

  test('a programme has one draft, and a draft has its programme', () => {
    drafted()
      .when({ ...draft(), stream: 'crt_2' }, by(pia, DAY))
      .refuses('wrong-state', 'SM-6');
    given(programme())
      .when({ ...draft(), under: 'prg_7' }, by(pia, DAY))
      .refuses('wrong-state', 'SM-6');
  });

  test('SM-6: no second certificate is drafted beside one that is in force or can be restored', () => {
    const second = { ...draft(), stream: 'crt_2' };
    granted().when(second, by(pia, DAY)).refuses('wrong-state', 'SM-6');
    expired().when(second, by(pia, '2030-08-01')).refuses('wrong-state', 'SM-6');
    const over = expired().when(endWindow, by(engine, '2031-01-19')).done();
    over.when(second, by(pia, '2031-02-01')).records('certificate.drafted');
  });

  test('the client drafts no certificate', () => {
    given(programme()).when(draft(), by(ana, DAY)).refuses('not-permitted');
  });

  test('R-GEN-2: no text says or suggests that an AI system or product is certified', () => {
    for (const scopeText of [
      'Certified AI for trade',
      'The assistant is certified',
      'certification of an AI system',
    ])
      given(programme()).when(draft({ scopeText }), by(pia, DAY)).refuses('misleading-wording', 'R-GEN-2');
    const plain = 'Management system for the development of AI systems';
    given(programme())
      .when(draft({ scopeText: plain }), by(pia, DAY))
      .done();
  });
});

describe('the document', () => {
  test('INV-9: each version pins the scope version and the SoA version on which it rests', () => {
    const scene = granted().when(issue, by(sam, DAY)).records('certificate.document-issued');
    const { documents } = scene.thing(certificateMachine, C);
    expect(documents).toEqual([{ version: 1, scopeVersion: 1, soaVersion: 3 }]);
  });

  test('it is issued with its signed file, by the scheme administrator, on complete content', () => {
    granted()
      .when({ ...issue, evidence: [] }, by(sam, DAY))
      .refuses('evidence-missing', 'R-EVD-1');
    granted().when(issue, by(dom, DAY)).refuses('not-permitted');
    const emptied = { ...granted().thing(certificateMachine, C), aiRoles: [] };
    granted().and(emptied).when(issue, by(sam, DAY)).refuses('certificate-content-incomplete', 'R-CRT-3');
    const remark = command('issueDocument', C, { remark: 'ISO 42001 certified AI' }, { evidence });
    granted().when(remark, by(sam, DAY)).refuses('misleading-wording', 'R-CRT-7');
  });
});

describe('the end in time', () => {
  test('R-CAL-2: it is valid through the last day and has expired from the next', () => {
    granted().when(expire, by(engine, '2030-07-18')).refuses('wrong-state', 'R-CAL-2');
    expect(expired().thing(programmeMachine, 'prg_1').stage).toBe('lapsed');
  });

  test('R-CAL-17: recorded late, it has expired on its day all the same', () => {
    const late = granted().when(expire, by(engine, '2030-09-30'));
    expect(late.events[0]?.data).toMatchObject({ on: '2030-07-19', window: { date: '2031-01-18' } });
  });

  test('R-GEN-1: nobody but the engine records it, and the engine grants nothing', () => {
    granted().when(expire, by(sam, '2030-07-19')).refuses('not-permitted');
    granted()
      .when(command('decide', D, { decision: 'grant' }), by(engine, '2030-07-19'))
      .refuses('not-permitted');
  });

  test('R-REC-6, I-8: the window of six months counts from the expiry day and ends with its last day', () => {
    expired().when(endWindow, by(engine, '2031-01-18')).refuses('wrong-state', 'R-CAL-2');
    const over = expired()
      .when(endWindow, by(engine, '2031-01-19'))
      .records(...ENDED);
    expect(over.thing(certificateMachine, C).stage).toBe('expiredFinally');
  });

  test('R-GEN-5, R-CAL-7, INV-4: from the day after expiry nobody is certified, in the window as after it', () => {
    const lapsed = expired().thing(certificateMachine, C);
    const on = (day: string) => statusOn(lapsed, civilDate(day), new Policy());
    expect(['2030-07-18', '2030-07-19', '2031-01-18', '2031-01-19'].map(on)).toEqual([
      ...['active', 'restorable', 'restorable', 'final'],
    ]);
  });

  test('INV-10: expiry, window and marks are owed and reminded of', () => {
    expect(obligations(granted().thing(certificateMachine, C))).toMatchObject([
      { key: 'expiry', due: { date: '2030-07-18', kind: 'hard' }, ladder: 'L-LONG' },
    ]);
    expect(obligations(expired().thing(certificateMachine, C))).toMatchObject([
      { key: 'restoration-window', due: { date: '2031-01-18', kind: 'hard', rule: 'R-REC-6' } },
      { key: 'mark-instructions', due: { date: '2030-07-26', kind: 'soft', rule: 'R-CRT-7' } },
    ]);
  });
});

describe('marks', () => {
  const use = (kind: string) => command('recordMarkUse', C, { use: kind, where: 'front page' });

  test('R-CRT-7: after expiry the client acknowledges once what is no longer allowed', () => {
    const acknowledge = command('acknowledgeMarkInstructions', C);
    granted().when(acknowledge, by(ana, DAY)).refuses('wrong-state');
    expired()
      .when(acknowledge, by(ana, '2030-07-22'))
      .records('mark-instructions.acknowledged')
      .when(acknowledge, by(ana, '2030-07-22'))
      .refuses('wrong-state', 'R-CRT-7');
  });

  test('R-CRT-7: a use outside the licence is recorded as misuse', () => {
    granted().when(use('website'), by(ana, DAY)).records('mark-use.recorded');
    granted().when(use('product'), by(ana, DAY)).records('mark-misuse.reported');
    expired().when(use('website'), by(ana, '2030-08-01')).records('mark-misuse.reported');
    const seen = command('reportMarkMisuse', C, { use: 'testReport' });
    const expert = person({ roles: ['technical-expert'], organisation: body });
    for (const anybody of [pia, expert])
      granted().when(seen, by(anybody, DAY)).records('mark-misuse.reported');
    granted().when(seen, by(ana, DAY)).refuses('not-permitted');
  });
});

import { auditMachine } from '../audit/audit.js';
import { civilDate } from '../instant.js';
import { by, command } from '../specification.js';
import { decisionMachine } from './decision.js';
import { DAY, GRANTED, audit, decide, dom, lea, pia, reviewed } from './scene.js';

// The way back from the decision to the auditors stands open until it is decided.

const close = command('closeAudit', 'aud_1');
const back = command('returnToAuditor', 'dec_1', { for: 'recommendation' }, { reason: 'Look again at 8.4.' });
const complete = command('declareDossierComplete', 'dec_1');

describe('SM-3: Stage 2 that was handed over', () => {
  test('is not closed before the decision that rests on it', () => {
    reviewed().when(close, by(pia, DAY)).refuses('wrong-state', 'SM-3');
    reviewed()
      .when(decide('grant'), by(dom, DAY))
      .records(...GRANTED)
      .when(close, by(pia, DAY))
      .records('audit.closed');
  });

  test('says that it is decided, so that its closing is asked for', () => {
    const { decided } = reviewed().when(decide('grant'), by(dom, DAY)).done().thing(auditMachine, 'aud_1');
    expect(decided).toBe(true);
  });
});

describe('R-DEC-6: a recommendation that was sent back', () => {
  test('is given anew before the dossier is complete again', () => {
    const returned = reviewed()
      .when(back, by(dom, DAY))
      .records('decision.returned', 'stage2.recommendation-returned');
    returned.when(complete, by(pia, DAY)).refuses('dossier-incomplete', 'R-DEC-3');
    returned
      .when(command('recommend', 'aud_1', { value: 'grant' }), by(lea, DAY))
      .records('stage2.recommended')
      .when(complete, by(pia, DAY))
      .records('dossier.completed');
  });

  test('is not replaced by that of a Stage 2 that was repeated since', () => {
    const first = audit({
      ...{ id: 'aud_0', stage: 'repeatStage2Required' },
      lastDay: civilDate('2026-10-23'),
    });
    const dossier = { audits: ['aud_0', 'aud_1'] };
    const world = reviewed({}, first);
    const both = world.and({ ...world.thing(decisionMachine, 'dec_1'), ...dossier });
    const returned = both.when(back, by(dom, DAY)).done();
    expect(returned.when(complete, by(pia, DAY)).missing).toContain('recommendation');
  });
});

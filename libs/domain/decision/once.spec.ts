import { nothingYet, type Thing } from '../machine.js';
import { body, by, command, given } from '../specification.js';
import { decisionMachine } from './decision.js';
import { DAY, audit, decide, dom, granted, open, people, pia, programme, reviewed } from './scene.js';

// A first certification is granted or refused once, while the initial audits of its programme run.

const another: Thing = {
  ...{
    ...nothingYet('dec_2'),
    kind: 'dossier',
    stage: 'underReview',
    organisation: body,
    programme: 'prg_1',
  },
  ...{ proposes: 'grant', audits: ['aud_1'], items: [], makers: [dom.id], votes: [] },
};

test('SM-0: no dossier for a first decision is opened once the programme is certified', () => {
  granted()
    .when({ ...open(), stream: 'dec_2' }, by(pia, DAY))
    .refuses('wrong-state', 'SM-0');
  granted()
    .when({ ...open('refuse'), stream: 'dec_2' }, by(pia, DAY))
    .refuses('wrong-state', 'SM-0');
});

test('SM-0: a dossier that was left open neither grants a second time nor ends what was granted', () => {
  const other = (decision: string) => ({ ...decide(decision), stream: 'dec_2' });
  const certified = granted().and(another);
  certified.when(other('grant'), by(dom, DAY)).refuses('wrong-state', 'SM-0');
  certified.when(other('refuse'), by(dom, DAY)).refuses('wrong-state', 'SM-0');
});

test('SM-0: nothing is granted to a programme that has ended', () => {
  const ended = reviewed()
    .when(
      command('endProgramme', 'prg_1', { cause: 'voluntary' }, { reason: 'The client asked' }),
      by(pia, DAY),
    )
    .records('programme.ended', 'dossier.closed', 'audit.closed')
    .and(reviewed().thing(decisionMachine, 'dec_1')); // an older release left it open
  ended.when(decide('grant'), by(dom, DAY)).refuses('wrong-state', 'SM-0');
  ended.when(decide('refuse'), by(dom, DAY)).refuses('wrong-state', 'SM-0');
  given(programme({ stage: 'terminated' }), ...people, audit())
    .when(open(), by(pia, DAY))
    .refuses('wrong-state', 'SM-0');
});

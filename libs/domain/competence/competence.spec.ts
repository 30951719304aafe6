import { civilDate } from '../instant.js';
import { body, by, command, did, fact, given, person } from '../specification.js';
import { competenceMachine, isCompetent } from './competence.js';

const manager = person({ roles: ['programme-manager'], organisation: body });
const administrator = person({ roles: ['scheme-administrator'], id: 'per_admin', organisation: body });
const account = (id: string) =>
  fact({
    kind: 'person',
    type: 'person.invited',
    stream: id,
    data: { human: id, mode: 'sandbox' },
    opens: { organisation: body, visibility: 'owner' },
  });
const propose = (id: string, who: string) => command('proposeCandidate', id, { of: 'audit' }, { under: who });
const qualify = (id: string) =>
  command('qualifyPerson', id, { areas: ['aims', 'sector-health'], until: '2030-02-28' });
const candidate = [account('per_auditor'), did(propose('cpt_1', 'per_auditor'), by(manager))] as const;
const asked = (on: string, area?: string) => ({
  of: 'audit' as const,
  on: civilDate(on),
  ...(area === undefined ? {} : { area }),
});

test('SUP-4: a candidate is qualified, monitored, suspended and qualified anew', () => {
  const after = given(...candidate)
    .when(qualify('cpt_1'), by(administrator))
    .records('competence.qualified')
    .when(command('recordMonitoring', 'cpt_1', { way: 'witnessedAudit' }), by(manager))
    .records('competence.monitored')
    .when(command('suspendCompetence', 'cpt_1', {}, { reason: 'complaint upheld' }), by(administrator))
    .records('competence.suspended');
  expect(isCompetent(after.things, 'per_auditor', asked('2029-06-01'))).toBe(false);
  const again = after
    .when(command('requalifyPerson', 'cpt_1', { areas: ['aims'], until: '2031-02-28' }), by(administrator))
    .records('competence.requalified');
  expect(again.thing(competenceMachine, 'cpt_1').stage).toBe('qualified');
  expect(isCompetent(again.things, 'per_auditor', asked('2031-02-28'))).toBe(true);
});

test('competence covers a function and an area, its last day included, and ends with it (R-CMP-1)', () => {
  const { things } = given(...candidate, did(qualify('cpt_1'), by(administrator)));
  expect(isCompetent(things, 'per_auditor', asked('2030-02-28', 'sector-health'))).toBe(true);
  expect(isCompetent(things, 'per_auditor', asked('2030-03-01', 'sector-health'))).toBe(false);
  expect(isCompetent(things, 'per_auditor', asked('2029-06-01', 'ai-technology'))).toBe(false);
  expect(isCompetent(things, 'per_auditor', { of: 'decision', on: civilDate('2029-06-01') })).toBe(false);
  expect(isCompetent(things, 'per_other', asked('2029-06-01'))).toBe(false);
});

test('a candidate is not competent yet', () => {
  expect(isCompetent(given(...candidate).things, 'per_auditor', asked('2029-06-01'))).toBe(false);
});

test('nobody finds themselves competent (SOD-8)', () => {
  const world = given(account('per_admin'), did(propose('cpt_1', 'per_admin'), by(manager)));
  world.when(qualify('cpt_1'), by(administrator)).refuses('separation-of-duties', 'R-CMP-1', 'SOD-8');
});

test('competence is about a person', () => {
  given()
    .when(command('proposeCandidate', 'cpt_1', { of: 'audit' }), by(manager))
    .refuses('wrong-state', 'R-CMP-1');
});

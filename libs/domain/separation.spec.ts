import type { Role } from './actor.js';
import { civilDate } from './instant.js';
import { account, audits, people as team, prepared, world as auditWorld } from './audit/specification.js';
import { audit, draft, lea, raise, world } from './nonconformity/scene.js';
import { onEachStep, people, until } from './programme/scene.js';
import { body, by, command, did, fact, given, person } from './specification.js';

// Separation is asked of the human, across all accounts and roles: a second account is no second person.

const human = 'per_one';
const oneAs = (...roles: Role[]) => person({ roles, id: human, organisation: body });
const otherAs = (...roles: Role[]) => person({ roles, id: 'per_two', human, organisation: body });

describe('one human with two accounts is one person', () => {
  test('where two must act (SUP-0)', () => {
    const decline = command('declineApplication', 'prg_1', {}, { reason: 'No competence' });
    const first = given(...until.reviewing, did(decline, by(oneAs('programme-manager'))));
    first.when(decline, by(otherAs('scheme-administrator'))).refuses('four-eyes-required', 'SUP-0');
    first.when(decline, by(people.scheme)).records('application.declined', ...onEachStep('step.closed'));
  });

  test('when a policy is approved (SOD-8)', () => {
    const drafted = given(
      did(command('draftPolicy', 'pol_1', { values: {} }), by(otherAs('scheme-administrator'))),
    );
    drafted
      .when(command('approvePolicy', 'pol_1'), by(oneAs('scheme-administrator')))
      .refuses('four-eyes-required', 'R-GEN-4', 'SOD-8');
  });

  test('when a large reduction of audit time is approved (SUP-5)', () => {
    const inputs = { table: 'demonstration-with-reductions', people: { fullTime: 12 }, aiRoles: 'one' };
    const factors = [{ factor: 'simple', percent: -25, justification: 'One product' }];
    const manager = otherAs('programme-manager');
    given(
      ...until.reviewing,
      did(command('enterAuditTimeInputs', 'tim_1', inputs, { under: 'prg_1' }), by(manager)),
      did(command('calculateAuditTime', 'tim_1', { factors }), by(manager)),
    )
      .when(command('approveAuditTime', 'tim_1'), by(oneAs('programme-manager')))
      .refuses('second-approver-required', 'SUP-5');
  });

  test('when somebody is found competent (SOD-8)', () => {
    const known = fact({
      ...{ kind: 'person', type: 'person.invited', stream: 'per_two', data: { human, mode: 'live' } },
      opens: { organisation: body, visibility: 'owner' },
    });
    const candidate = command('proposeCandidate', 'cpt_1', { of: 'audit' }, { under: 'per_two' });
    given(known, did(candidate, by(people.programme)))
      .when(
        command('qualifyPerson', 'cpt_1', { areas: ['aims'], until: civilDate('2030-01-01') }),
        by(oneAs('scheme-administrator')),
      )
      .refuses('separation-of-duties', 'SOD-8');
  });

  test('when ties to the client were declared under the other account (SOD-5)', () => {
    const tie = { kind: 'consultancy' as const, client: 'org_client', from: civilDate('2027-01-01') };
    const other = account('per_other', { human: team.aud.id, interests: [tie] });
    given(...auditWorld, other, ...prepared('stage1', '2027-02-09', '2027-02-10').slice(0, 1))
      .when(
        command('proposeTeam', audits.stage1, {
          members: [
            { person: team.lea.id, function: 'lead' },
            { person: team.aud.id, function: 'auditor' },
          ],
        }),
        by(team.pia, '2027-01-04'),
      )
      .refuses('lookback-not-over', 'R-IMP-3', 'SOD-5');
  });
});

describe('what somebody is in the team counts, not which roles the account has', () => {
  const tess = person({ roles: ['lead-auditor', 'auditor'], id: 'per_tess', organisation: body });
  const teamWith = (does: string) =>
    world(
      audit({
        team: [
          { person: lea.id, function: 'lead' },
          { person: tess.id, function: does },
        ],
      }),
    );

  test('SOD-9: an expert of the audit raises, accepts and verifies nothing, auditor elsewhere or not', () => {
    teamWith('technicalExpert').when(draft(), by(tess)).refuses('not-permitted', 'R-GEN-1');
    teamWith('auditor').when(draft(), by(tess)).records('finding.drafted');
  });

  test('R-FND-1: who leads other audits grades nothing in this one', () => {
    teamWith('auditor').when(draft(), by(tess)).done().when(raise(), by(tess)).refuses('not-permitted');
    teamWith('auditor').when(draft(), by(tess)).done().when(raise(), by(lea)).records('nonconformity.raised');
  });

  test('R-FND-3: nor does an auditor of the team raise an opportunity in the place of its leader', () => {
    const raiseIt = command(
      'raiseOpportunity',
      'ofi_1',
      { statement: 'One template would do' },
      { under: 'aud_1' },
    );
    teamWith('auditor').when(raiseIt, by(tess)).refuses('not-permitted');
    teamWith('auditor').when(raiseIt, by(lea)).records('opportunity.raised');
  });
});

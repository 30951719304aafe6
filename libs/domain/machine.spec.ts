import { instant } from './instant.js';
import { evolve, type Fact } from './machine.js';
import { programmeMachine } from './programme/programme.js';

const at = instant('2029-03-01T10:00:00.000Z');
const opens = { organisation: 'org_client', number: 'AIMS-2029-0001', visibility: 'both' } as const;
const agreed = { command: 'signAgreement', by: 'per_top', role: 'top-management', awaits: ['signatory'] };

const told = (more: Partial<Fact>): Fact => ({
  ...{ stream: 'prg_1', version: 1, type: 'programme.noted', data: {}, texts: {}, evidence: [], at },
  ...{ actor: { id: 'process', role: 'engine' }, effectiveAt: at, command: 'key-1' },
  ...more,
});
const next = (...facts: readonly Partial<Fact>[]) =>
  facts
    .map(told)
    .reduce((state, fact) => evolve(programmeMachine, state, fact), programmeMachine.initial('prg_1'));

const opened: Partial<Fact> = {
  type: 'programme.opened',
  data: { client: 'org_client', governingZone: 'Etc/UTC' },
  opens,
};
const halfSigned: Partial<Fact> = {
  ...{ type: 'second.awaited', data: agreed, texts: { agreedTo: 'a', scope: 'b' } },
  actor: { id: 'per_top', role: 'top-management' },
};

test('the first fact of a thing says to whom it belongs; who sees it is kept elsewhere', () => {
  const { visibility: _, ...belongings } = opens;
  expect(next(opened)).toStrictEqual({
    ...programmeMachine.initial('prg_1'),
    ...belongings,
    ...{ client: 'org_client', governingZone: 'Etc/UTC', stage: 'draft', entered: { draft: 1 } },
    ...{ enteredAt: at, since: at },
  });
});

test('what a process records leaves the agreement of the first of two; what a person records takes it away', () => {
  const before = next(opened, halfSigned);
  expect(before).toMatchObject({ awaited: agreed, texts: { agreedTo: 'a', scope: 'b' } });
  expect(next(opened, halfSigned, {})).toStrictEqual(before);
  const noted = next(opened, halfSigned, { texts: { note: 'c' } });
  expect(noted).toStrictEqual({ ...before, texts: { agreedTo: 'a', scope: 'b', note: 'c' } });
  const person = { id: 'per_ana', role: 'aims-manager' } as const;
  const changed = next(opened, halfSigned, { texts: { note: 'c' }, actor: person });
  expect(changed).toStrictEqual({ ...before, awaited: undefined, texts: { scope: 'b', note: 'c' } });
});

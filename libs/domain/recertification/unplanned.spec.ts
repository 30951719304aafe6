import { certificateMachine } from '../certificate/certificate.js';
import { C, dom } from '../decision/scene.js';
import { Policy } from '../policy.js';
import { by, command, engine } from '../specification.js';
import { certifiedOn, nth, renewalOf, reported, type Scene } from '../surveillance/scene.js';
import { audited, deciding, prepared, underReview } from './scene.js';
import { unplanned } from './unplanned.js';

const certified = () => certifiedOn('2027-07-19');
const once = () => reported(certified(), 1, '2028-06-13', '2028-06-14');
const twice = () => reported(once(), 2, '2029-06-12');
const preparing = () => prepared(twice(), 1, '2030-01-18');
const renewing = () => underReview(audited(preparing(), 1, '2030-04-16'), 1, '2030-05-20');
const renewed = () => {
  const scene = renewing();
  return scene.when(deciding(scene, 1, 'renew'), by(dom, '2030-06-11')).done();
};

/** What is missing among the things of the scene, but for those named. */
const missing = (scene: Scene, without: readonly string[] = [], policy = new Policy()) =>
  unplanned(
    scene.thing(certificateMachine, C),
    scene.things.filter(({ id }) => !without.includes(id)),
    policy,
  );

test('at every point of its life a certificate in force has planned what it owes', () => {
  for (const scene of [certified(), once(), twice(), preparing(), renewing(), renewed()])
    expect(missing(scene)).toEqual([]);
});

test('a surveillance that is gone is missing; one that was held stands for none that is owed still', () => {
  const [one, two] = [nth(certified(), 1).id, nth(certified(), 2).id];
  expect(missing(certified(), [one])).toEqual([{ what: 'surveillance', cycle: 1, missing: 1 }]);
  expect(missing(certified(), [one, two])).toEqual([{ what: 'surveillance', cycle: 1, missing: 2 }]);
  expect(missing(once(), [two])).toEqual([{ what: 'surveillance', cycle: 1, missing: 1 }]);
});

test('a recertification that is gone is missing, also in the next cycle, where the last one is still there', () => {
  const [first, next] = [certified(), renewed()];
  const gone = (cycle: number) => [{ what: 'recertification', cycle, missing: 1 }];
  expect(missing(first, [renewalOf(first).id])).toEqual(gone(1));
  expect(missing(next, [renewalOf(next, 2).id])).toEqual(gone(2));
});

test('a body that audits more often than the rules ask owes more', () => {
  const stricter = new Policy(1, { 'surveillance.intervalMonths': 6 });
  expect(missing(certified(), [], stricter)).toEqual([{ what: 'surveillance', cycle: 1, missing: 3 }]);
});

test('a certificate that is not in force owes no plan', () => {
  const expired = certified().when(command('expireCertificate', C), by(engine, '2030-07-19')).done();
  expect(
    missing(
      expired,
      expired.things.map(({ id }) => id),
    ),
  ).toEqual([]);
});

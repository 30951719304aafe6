import { installationCreated, organisationMachine } from './organisation.js';
import { by, command, did, given, person } from '../specification.js';

const administrator = person({ roles: ['system-administrator'], organisation: 'org_installation' });
const top = person({ roles: ['top-management'], organisation: 'org_1' });

const client = command('createOrganisation', 'org_1', {
  name: 'Example Ltd',
  side: 'client',
  mode: 'sandbox',
  zone: 'Europe/Berlin',
});

test('R-RECORD-1: an administrator makes a client, its people change it, and when it is closed its records stay', () => {
  const after = given(did(client, by(administrator)))
    .when(command('changeOrganisation', 'org_1', { zone: 'Europe/Paris' }), by(top))
    .records('organisation.changed')
    .when(command('closeOrganisation', 'org_1', {}, { reason: 'merged' }), by(top))
    .records('organisation.closed');
  expect(after.thing(organisationMachine, 'org_1')).toMatchObject({ stage: 'closed', zone: 'Europe/Paris' });
});

test('a body says whether an accreditation covers its certificates (R-CRT-8)', () => {
  const body = { name: 'Certifier', side: 'certificationBody', mode: 'sandbox', zone: 'Etc/UTC' };
  given()
    .when(command('createOrganisation', 'org_2', body), by(administrator))
    .refuses('accreditation-flag-missing', 'R-CRT-8');
  const after = given()
    .when(command('createOrganisation', 'org_2', { ...body, accredited: true }), by(administrator))
    .records('organisation.created');
  expect(after.thing(organisationMachine, 'org_2').accredited).toBe(true);
});

test('nobody but an administrator makes an organisation', () => {
  given().when(client, by(top)).refuses('not-permitted', 'R-GEN-1');
});

test('the name of an organisation never stands in the ledger in clear', () => {
  const { data, texts } = installationCreated('org_0', 'Installation of Example Ltd', 'Etc/UTC');
  expect(JSON.stringify(data)).not.toContain('Example');
  expect(texts).toEqual({ name: 'Installation of Example Ltd' });
});

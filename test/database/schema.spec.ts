import { readFileSync } from 'node:fs';
import { migrate } from '#database/migrate.js';
import { dumpSchema } from '#database/schema.js';
import { freshDatabase } from '../support/postgres.js';

const committed = new URL('../../libs/database/schema.sql', import.meta.url);

test('the schema that the migrations make is the one that is committed', async () => {
  const { ownerUrl } = await freshDatabase();
  expect(await dumpSchema(ownerUrl)).toBe(readFileSync(committed, 'utf8'));
});

test('migrating again, and twice at once, changes nothing', async () => {
  const { ownerUrl } = await freshDatabase();
  const before = await dumpSchema(ownerUrl);
  await Promise.all([migrate(ownerUrl), migrate(ownerUrl), migrate(ownerUrl)]);
  expect(await dumpSchema(ownerUrl)).toBe(before);
});

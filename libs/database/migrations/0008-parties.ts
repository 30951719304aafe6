import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a reader is a party of a thing's programme is looked up by its key, however many programmes the reader has. */
const parties = `
alter policy of_app on perennial.stream using (
  organisation = perennial.mine()
  or (visibility = 'both' and exists (select from perennial.programme_party p
    where p.programme = stream.programme and p.organisation = perennial.mine() and p.until is null))
  or (perennial.engine_room(kind) and perennial.mine() in (select i.organisation from perennial.installation i))
  or organisation in (select perennial.kept_organisations()));
`;

/** The rows of a programme are seen as fast by a body of ten thousand as by one of ten. */
export class Parties1735689600008 implements MigrationInterface {
  name = 'Parties1735689600008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(parties);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

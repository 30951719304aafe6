import type { MigrationInterface, QueryRunner } from 'typeorm';

const functions = `
create function perennial.is_recorded(sha256 text) returns boolean
security definer set search_path = perennial, pg_temp stable language sql as $$
  select exists (select from stream s where s.kind = 'evidence' and s.state->>'sha256' = is_recorded.sha256);
$$;
revoke all on function perennial.is_recorded from public;
grant execute on function perennial.is_recorded to perennial_app;
`;

/** Before a file is taken away it is asked whether anybody's evidence rests on it. */
export class RecordedFile1735689600033 implements MigrationInterface {
  name = 'RecordedFile1735689600033';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(functions);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

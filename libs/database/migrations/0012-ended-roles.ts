import type { MigrationInterface, QueryRunner } from 'typeorm';
import { byKey } from './by-key.js';

/** A day ends somewhere before it ends here: what a role allows on its first and last day is for the rules to say. */
const find = `
create or replace function perennial.find_credential(hash text) returns jsonb
stable security definer
${byKey} language sql
  return coalesce(
    (select jsonb_build_object('principal', c.principal, 'organisation', c.organisation, 'auth', 'aut_' || left(c.hash, 12),
        'scopes', '[]'::jsonb, 'holds', exists (select from jsonb_array_elements(p.state->'grants') g
          where (g->>'from')::date <= coalesce(b.now, clock_timestamp())::date + 1
            and coalesce((g->>'until')::date, 'infinity') >= coalesce(b.now, clock_timestamp())::date - 1))
      from credential c join stream p on p.id = c.principal and p.stage <> 'departed'
      left join sandbox_member m on m.organisation = c.organisation
      left join sandbox b on b.id = m.sandbox
      where c.hash = find_credential.hash and c.revoked_at is null and c.expires_at > clock_timestamp()),
    (select jsonb_build_object('principal', k.id, 'organisation', k.organisation, 'auth', k.id,
        'scopes', coalesce(k.state->'scopes', '[]'), 'holds', true)
      from stream k
      left join sandbox_member m on m.organisation = k.organisation
      left join sandbox b on b.id = m.sandbox
      where k.kind = 'apiKey' and k.state->>'hash' = find_credential.hash and k.stage = 'active'
        and k.state->>'expiresOn' >= left(iso(coalesce(b.now, clock_timestamp())), 10)));
`;

/** Whoever holds no role any more, or none yet, sees nothing. */
export class EndedRoles1735689600012 implements MigrationInterface {
  name = 'EndedRoles1735689600012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(find);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

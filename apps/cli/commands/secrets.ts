import { join } from 'node:path';
import type { Command } from 'commander';
import { hasSecret, secretOf, writeSecret } from '#platform/secrets.js';
import { say } from '../output.js';

const AT = 'postgres:5432/perennial';

export function registerSecrets(program: Command): void {
  program
    .command('secrets')
    .description('make the passwords that docker-compose.yml reads from files')
    .option('--folder <folder>', 'where they lie', 'secrets')
    .action(({ folder }: { folder: string }) => makeSecrets(folder));
}

/** Each once: what is there is kept, since the database knows it. */
function makeSecrets(folder: string): void {
  const superuser = secretOf(folder, 'postgres_password');
  const app = secretOf(folder, 'app_password');
  const urls = {
    database_url: `postgres://perennial_app:${app}@${AT}`,
    database_owner_url: `postgres://postgres:${superuser}@${AT}`,
  };
  for (const [name, url] of Object.entries(urls)) {
    if (!hasSecret(folder, name)) writeSecret(join(folder, name), url);
  }
  say(`The secrets lie in ${folder}/, readable by you alone. Back them up apart from the data.`);
}

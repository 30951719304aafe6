import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { makeFirstKey } from '#database/first-key.js';
import { readConfig } from '#platform/config.js';
import { writeSecret } from '#platform/secrets.js';
import { StartFailure } from '#platform/start-failure.js';
import { say } from '../output.js';
import { bringUpToDate } from '../up/servers.js';

export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the database that DATABASE_URL names up to this release')
    .option('--key-file <file>', 'make the first key, once, and write it there')
    .action(({ keyFile }: { keyFile?: string }) => migrateOwn(keyFile));
}

async function migrateOwn(keyFile: string | undefined): Promise<void> {
  const { databaseUrl, databaseOwnerUrl = databaseUrl } = readConfig();
  if (databaseOwnerUrl === undefined) {
    throw new StartFailure({
      code: 'E1013',
      what: 'No database is named.',
      lines: [
        'DATABASE_URL: for example postgres://owner@db.example/perennial',
        '`npm start` migrates its own by itself.',
      ],
    });
  }
  await bringUpToDate(databaseOwnerUrl);
  say('The schema is up to date.');
  if (keyFile === undefined || existsSync(keyFile)) return;
  writeSecret(keyFile, `PERENNIAL_KEY=${await makeFirstKey(databaseOwnerUrl)}`);
  say(`The first key lies in ${keyFile}.`);
}

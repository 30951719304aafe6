import type { Command } from 'commander';
import { makePasswordLink } from '#database/password-links.js';
import { publicUrlOf, readConfig } from '#platform/config.js';
import { StartFailure } from '#platform/start-failure.js';
import { exits } from '../api/ended.js';
import { complain, print } from '../output.js';
import { databaseOf } from '../processes/place.js';
import { runningIn } from '../up/data-folder.js';

export function registerPasswordLink(program: Command): void {
  program
    .command('password-link')
    .description(
      'make a link by which somebody sets a password: for the first person, or where no mail goes out',
    )
    .argument('<mail>', 'the mail address of their account')
    .action(makeLink);
}

async function makeLink(mail: string): Promise<void> {
  const config = readConfig();
  const database = databaseOf(config);
  if (database === undefined)
    throw new StartFailure({
      code: 'E1009',
      what: `Nothing says where the database is, and no system runs in ${config.dataFolder}.`,
      lines: ['Start one:   npm start', 'Or name it:  DATABASE_URL'],
    });
  const link = await makePasswordLink(database, mail);
  if (link === undefined) {
    complain(`Nobody who belongs to a live organisation has the address ${mail}.`);
    process.exitCode = exits.refused;
    return;
  }
  const running = config.publicUrl === undefined ? runningIn(config.dataFolder)?.address : undefined;
  print(`${running ?? publicUrlOf(config)}/set-password#${link}`);
}

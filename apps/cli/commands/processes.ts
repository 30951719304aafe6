import type { Command } from 'commander';
import type { Fleet } from '#database/fleet.js';
import type { ProcessShown } from '#database/reading/processes.js';
import { readConfig } from '#platform/config.js';
import { print, say } from '../output.js';
import { reachFleet } from '../processes/fleet.js';
import { placeOf, type Place } from '../processes/place.js';

interface Which {
  readonly name?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

const configured = (): Place => placeOf(readConfig());

/** What an operator does with processes. */
export function registerProcesses(program: Command, where: () => Place = configured): void {
  const processes = program.command('processes').description('look at processes, and start them again');
  processes
    .command('list')
    .description('what each open process waits for')
    .option('--name <process>', 'of one name only, such as corrective-action')
    .option('--all', 'closed ones too')
    .option('--json', 'one line of JSON each')
    .action((which: Which) => withFleet(where, (fleet) => list(fleet, which)));
  processes
    .command('restart [process]')
    .description('end the run of a process, or of all that are open, and start it again from the ledger')
    .option('--name <process>', 'of one name only')
    .action((id: string | undefined, { name }: Which) =>
      withFleet(where, async (fleet) => {
        const which = { status: 'open' as const, ...(id ? { id } : {}), ...(name ? { name } : {}) };
        say(`${String(await fleet.restart(which))} processes were started again.`);
      }),
    );
  processes
    .command('rebuild')
    .description('start every process from the ledger, after the workflow server has lost its data')
    .action(() =>
      withFleet(where, async (fleet) => {
        say(`${String(await fleet.rebuild())} processes were started from the ledger.`);
      }),
    );
  processes
    .command('reconcile')
    .description('start open processes that have no run')
    .action(() =>
      withFleet(where, async (fleet) => {
        say(`${String(await fleet.reconcile())} processes had no run and were started.`);
      }),
    );
}

async function withFleet(where: () => Place, work: (fleet: Fleet) => Promise<void>): Promise<void> {
  const { fleet, leave } = await reachFleet(where());
  try {
    await work(fleet);
  } finally {
    await leave();
  }
}

async function list(fleet: Fleet, { name, all = false, json = false }: Which): Promise<void> {
  const which = { ...(all ? {} : { status: 'open' as const }), ...(name ? { name } : {}) };
  for await (const process of fleet.list(which)) print(json ? JSON.stringify(process) : inWords(process));
}

/** The process, its stage, its next date, and what it waits for. */
function inWords({ id, status, stage, nextDue, agenda, told, last }: ProcessShown): string {
  const waits = agenda.map(({ label, on }) => `    ${on ?? '-         '}  ${label}`);
  const untold = told < last ? `, ${String(last - told)} facts not told yet` : '';
  return [`${id}  ${status === 'closed' ? 'closed' : stage}  next ${nextDue ?? '-'}${untold}`, ...waits].join(
    '\n',
  );
}

import { Command } from 'commander';
import { registerProcesses } from '../../apps/cli/commands/processes.js';
import type { Place } from '../../apps/cli/processes/place.js';

/** The operator's commands as a spec types them, from the source; where the servers are stands in the environment. */
const place = JSON.parse(process.env['OPERATOR_PLACE'] ?? '{}') as Place;
const program = new Command('perennial');
registerProcesses(program, () => place);
await program.parseAsync();

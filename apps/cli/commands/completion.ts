import { Argument, type Command } from 'commander';
import { print } from '../output.js';
import { scripts, treeOf } from '../api/completion.js';

const shells = ['bash', 'zsh', 'fish'] as const;

const where = `
Examples:
  source <(perennial completion bash)                                       for this shell
  perennial completion bash > ~/.local/share/bash-completion/completions/perennial
  perennial completion zsh > "\${fpath[1]}/_perennial"
  perennial completion fish > ~/.config/fish/completions/perennial.fish
`;

export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('print the script by which a shell completes commands, flags and their values')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .addHelpText('after', where)
    .action((shell: (typeof shells)[number]) => print(scripts[shell](treeOf(program))));
}

import type { Command } from 'commander';

/** A command, the words that may follow it, and the values that its flags take. */
export interface Node {
  /** `findings accept-plan`; empty for the program itself. */
  readonly path: string;
  readonly words: readonly Word[];
  readonly values: readonly { readonly flag: string; readonly choices: readonly string[] }[];
}

interface Word {
  readonly word: string;
  readonly does: string;
}

/** Every command of the program, the program first. */
export function treeOf(command: Command, path = ''): readonly Node[] {
  const inner = command.commands.filter((one) => one.name() !== 'help');
  const words = [
    ...inner.map((one) => ({ word: one.name(), does: one.description() })),
    ...command.options.map(({ long, description }) => ({ word: long ?? '', does: description })),
  ];
  const values = command.options.flatMap(({ long, argChoices = [] }) =>
    argChoices.length > 0 ? [{ flag: long ?? '', choices: argChoices }] : [],
  );
  const below = inner.flatMap((one) => treeOf(one, path === '' ? one.name() : `${path} ${one.name()}`));
  return [{ path, words: words.filter(({ word }) => word !== ''), values }, ...below];
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const wordList = ({ words }: Node): string => words.map(({ word }) => word).join(' ');

/** The cases of a shell's `case`: the words that follow each command, and the values of flags. */
function casesOf(tree: readonly Node[]): { words: string; values: string } {
  const values = tree.flatMap(({ path, values: own }) =>
    own.map(({ flag, choices }) => `    ${quoted(`${path} ${flag}`.trim())}) words='${choices.join(' ')}';;`),
  );
  const words = tree.map((node) => `    ${quoted(node.path)}) words='${wordList(node)}';;`);
  return { words: words.join('\n'), values: values.join('\n') };
}

function bash(tree: readonly Node[]): string {
  const { words, values } = casesOf(tree);
  return `# Completion of perennial for bash: source it, or put it among the completions.
_perennial() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path= word words=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) break;; esac
    path="\${path:+$path }$word"
    [[ "$path" == *' '*' '* ]] && path="\${path% *}"
  done
  case "$path $before" in
${values}
  esac
  if [[ -z "$words" ]]; then
    case "$path" in
${words}
    esac
  fi
  [[ -z "$words" ]] && path="\${path%% *}"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _perennial perennial`;
}

function zsh(tree: readonly Node[]): string {
  const { words, values } = casesOf(tree);
  return `#compdef perennial
# Completion of perennial for zsh: put it as _perennial into a folder of fpath.
_perennial() {
  local before="\${words[CURRENT-1]}" path= word
  local -a typed=("\${(@)words[2,CURRENT-1]}")
  local words=
  for word in "\${typed[@]}"; do
    [[ "$word" == -* ]] && break
    path="\${path:+$path }$word"
    [[ "$path" == *' '*' '* ]] && path="\${path% *}"
  done
  case "$path $before" in
${values}
  esac
  if [[ -z "$words" ]]; then
    case "$path" in
${words}
    esac
  fi
  [[ -n "$words" ]] && compadd -- \${=words} || _files
}
_perennial "$@"`;
}

function fish(tree: readonly Node[]): string {
  const lines = tree.flatMap((node) => {
    const condition = `__perennial_at ${quoted(node.path)}`;
    const flags = new Map(node.values.map(({ flag, choices }) => [flag, choices]));
    return node.words.map(({ word, does }) => {
      const choices = flags.get(word);
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${quoted(word)}`;
      const taken = choices === undefined ? '' : ` -xa ${quoted(choices.join(' '))}`;
      return `complete -c perennial -f -n ${quoted(condition)} ${what}${taken} -d ${quoted(does.slice(0, 80))}`;
    });
  });
  return `# Completion of perennial for fish: put it into ~/.config/fish/completions/perennial.fish.
function __perennial_at
  set -l path
  for word in (commandline -opc)[2..]
    string match -q -- '-*' $word; and break
    test (count $path) -lt 2; and set -a path $word
  end
  test "$path" = "$argv[1]"
end
${lines.join('\n')}`;
}

export const scripts = { bash, zsh, fish } as const;

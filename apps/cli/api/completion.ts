import type { Command, Option } from 'commander';

/** A command, the words that may follow it, and the values that its flags take. */
export interface Node {
  /** `findings accept-plan`; empty for the program itself. */
  readonly path: string;
  readonly words: readonly Word[];
  /** True for a command that is no collection: whatever follows, it is the same one. */
  readonly isAlone: boolean;
  readonly values: readonly { readonly flag: string; readonly choices: readonly string[] }[];
}

interface Word {
  readonly word: string;
  readonly does: string;
  /** For flags: whether a value follows, and whether that is a file. */
  readonly takes: 'nothing' | 'word' | 'file';
}

const files = ['--input', '--file', '--output', '--data', '--folder', '--key-file'];

function takenBy({ long, required, optional }: Option): Word['takes'] {
  if (!required && !optional) return 'nothing';
  return files.includes(long ?? '') ? 'file' : 'word';
}

/** Every command of the program, the program first. */
export function treeOf(command: Command, path = ''): readonly Node[] {
  const inner = command.commands.filter((one) => one.name() !== 'help');
  const given = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((word) => ({ word, does: description, takes: 'nothing' as const })),
  );
  const words = [
    ...given,
    ...inner.map((one) => ({ word: one.name(), does: one.description(), takes: 'nothing' as const })),
    ...command.options.map((one) => ({ word: one.long ?? '', does: one.description, takes: takenBy(one) })),
  ];
  const values = command.options.flatMap(({ long, argChoices = [] }) =>
    argChoices.length > 0 ? [{ flag: long ?? '', choices: argChoices }] : [],
  );
  const below = inner.flatMap((one) => treeOf(one, path === '' ? one.name() : `${path} ${one.name()}`));
  const isAlone = path !== '' && inner.length === 0 && !path.includes(' ');
  return [{ path, isAlone, words: words.filter(({ word }) => word !== ''), values }, ...below];
}

const SHORT = 80;
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const wordList = ({ words }: Node): string => words.map(({ word }) => word).join(' ');

/** The cases of a shell's `case`: the words that follow each command, and the values of flags. */
function casesOf(tree: readonly Node[]): { words: string; values: string } {
  const values = tree.flatMap(({ path, values: own }) =>
    own.map(
      ({ flag, choices }) => `    ${quoted(`${path} ${flag}`.trim())}) offered='${choices.join(' ')}';;`,
    ),
  );
  const words = tree.map((node) => `    ${quoted(node.path)}) offered='${wordList(node)}';;`);
  return { words: words.join('\n'), values: values.join('\n') };
}

function bash(tree: readonly Node[]): string {
  const { words, values } = casesOf(tree);
  return `# Completion of perennial for bash: source it, or put it among the completions.
_perennial() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path= word offered=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) break;; esac
    path="\${path:+$path }$word"
    [[ "$path" == *' '*' '* ]] && path="\${path% *}"
  done
  case "$path $before" in
${values}
  esac
  for word in "$path" "\${path%% *}"; do
    [[ -n "$offered" ]] && break
    case "$word" in
${words}
    esac
  done
  COMPREPLY=($(compgen -W "$offered" -- "$current"))
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
  local offered=
  for word in "\${typed[@]}"; do
    [[ "$word" == -* ]] && break
    path="\${path:+$path }$word"
    [[ "$path" == *' '*' '* ]] && path="\${path% *}"
  done
  case "$path $before" in
${values}
  esac
  for word in "$path" "\${path%% *}"; do
    [[ -n "$offered" ]] && break
    case "$word" in
${words}
    esac
  done
  [[ -n "$offered" ]] && compadd -- \${=offered} || _files
}
_perennial "$@"`;
}

function fish(tree: readonly Node[]): string {
  const lines = tree.flatMap((node) => {
    const at = quoted(`__perennial_${node.isAlone ? 'in' : 'at'} ${node.path}`.trim());
    return node.words.map((word) => `complete -c perennial -n ${at} ${fishWord(word, node)}`);
  });
  return `# Completion of perennial for fish: put it into ~/.config/fish/completions/perennial.fish.
function __perennial_at
  set -l path
  for word in (commandline -opc)[2..]
    string match -q -- '-*' $word; and break
    test (count $path) -lt 2; and set -a path $word
  end
  test "$path" = "$argv"
end
function __perennial_in
  set -l words (commandline -opc)
  test "$words[2]" = "$argv"
end
complete -c perennial -f
${lines.join('\n')}`;
}

const fishTakes = { nothing: '', word: '-x ', file: '-r -F ' } as const;

function fishWord({ word, does, takes }: Word, { values }: Node): string {
  const says = `-d ${quoted(does.slice(0, SHORT).replaceAll('\\', ''))}`;
  if (!word.startsWith('--')) return `-a ${word} ${says}`;
  const choices = values.find(({ flag }) => flag === word)?.choices;
  const offered = choices === undefined ? '' : `-a ${quoted(choices.join(' '))} `;
  return `-l ${word.slice(2)} ${fishTakes[takes]}${offered}${says}`;
}

export const scripts = { bash, zsh, fish } as const;

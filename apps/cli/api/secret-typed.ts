import process from 'node:process';
import { createInterface } from 'node:readline';

const [ENTER, END, INTERRUPT, CLEAR, ESCAPE] = [/[\r\n]/, '\u0004', '\u0003', '\u0015', '\u001b'];
const BACKSPACE = /[\b\u007f]/;

/** A secret that somebody types and nobody sees; from a pipe, its first line. */
export async function secretFromPerson(question: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) return firstLine();
  stderr.write(question);
  stdin.setRawMode(true).setEncoding('utf8');
  let typed: readonly string[] = [];
  try {
    for await (const chunk of stdin) {
      if (String(chunk).startsWith(ESCAPE)) continue; // an arrow, or another key that is no letter
      for (const letter of String(chunk)) {
        if (letter === INTERRUPT) process.exit(130);
        if (letter === END || ENTER.test(letter)) return typed.join('');
        typed = after(typed, letter);
      }
    }
    return typed.join('');
  } finally {
    stdin.setRawMode(false).pause();
    stderr.write('\n');
  }
}

function after(typed: readonly string[], letter: string): readonly string[] {
  if (letter === CLEAR) return [];
  return BACKSPACE.test(letter) ? typed.slice(0, -1) : [...typed, letter];
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    process.stdin.pause();
  }
}

import process from 'node:process';
import { text } from 'node:stream/consumers';

const [ENTER, END, INTERRUPT] = [/[\r\n]/, '\u0004', '\u0003'];
const BACKSPACE = /[\b\u007f]/;

/** A secret that somebody types and nobody sees; from a pipe, its first line. */
export async function secretFromPerson(question: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) return (await text(stdin)).split(ENTER)[0] ?? '';
  stderr.write(question);
  stdin.setRawMode(true).setEncoding('utf8');
  let typed: readonly string[] = [];
  try {
    for await (const chunk of stdin) {
      for (const letter of String(chunk)) {
        if (letter === INTERRUPT) process.exit(130);
        if (letter === END || ENTER.test(letter)) return typed.join('');
        typed = BACKSPACE.test(letter) ? typed.slice(0, -1) : [...typed, letter];
      }
    }
    return typed.join('');
  } finally {
    stdin.setRawMode(false).pause();
    stderr.write('\n');
  }
}

// What the launcher shows on stderr: bars that move on a terminal, one line a step otherwise.
export const STEPS = 7;
const terminal = process.stderr.isTTY === true && process.env.TERM !== 'dumb';
const WIDTH = 18;
const EVERY_MS = 15_000;
let drawn = false;

function clear() {
  if (drawn) process.stderr.write('\r\u001b[2K');
  drawn = false;
}

export function line(text) {
  clear();
  process.stderr.write(`  ${text}\n`);
}

const heading = (number, name) => `[${number}/${STEPS}] ${name.padEnd(16)}`;

export function step(number, name, since, detail) {
  const seconds = ((Date.now() - since) / 1000).toFixed(1).padStart(5);
  line(`${heading(number, name)} ok  ${seconds} s   ${detail}`);
}

/** Told again and again how far it is (0 to 1, or undefined where nothing can be counted). */
export function bar(number, name) {
  const began = Date.now();
  let told = 0;
  let furthest = 0;
  return (share, detail) => {
    const elapsed = Date.now() - began;
    furthest = Math.max(furthest, share ?? 0);
    const figure =
      share === undefined ? `${Math.round(elapsed / 1000)} s` : `${Math.floor(furthest * 100)} %`;
    if (terminal) {
      const full = Math.round(furthest * WIDTH);
      const blocks = share === undefined ? '' : `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}  `;
      clear();
      process.stderr.write(
        `  ${heading(number, name)} ${blocks}${figure}  ${detail}${left(furthest, elapsed)}`,
      );
      drawn = true;
    } else if (told === 0 || elapsed - told > EVERY_MS) {
      told = elapsed + 1;
      line(`${heading(number, name)} ${figure}  ${detail}`);
    }
  };
}

function left(share, elapsed) {
  if (elapsed < 3_000 || share < 0.05) return '';
  return `, about ${Math.ceil(((1 - share) * elapsed) / share / 1000)} s left`;
}

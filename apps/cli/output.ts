import process from 'node:process';

/** Talk and bars go to stderr; stdout is for data alone. */
export interface Step {
  /** How far it is: a share from 0 to 1 where something can be counted. */
  progress: (detail: string, share?: number) => void;
  done: (detail: string) => void;
}

const STEPS = 7;
const WIDTH = 18;
const QUIET_MS = 15_000;
const terminal = process.stderr.isTTY && process.stderr.getColorDepth() > 1;
let drawn = false;

function clear(): void {
  if (drawn) process.stderr.write('\r\u001b[2K');
  drawn = false;
}

export function say(text: string): void {
  clear();
  process.stderr.write(`  ${text}\n`);
}

export function complain(text: string): void {
  clear();
  process.stderr.write(`\n${text}\n`);
}

export function print(text: string): void {
  clear();
  process.stdout.write(`${text}\n`);
}

export function step(number: number, name: string): Step {
  const began = Date.now();
  const heading = `[${String(number)}/${String(STEPS)}] ${name.padEnd(16)}`;
  let told: number | undefined;
  let furthest = 0;
  const progress = (detail: string, share?: number): void => {
    const elapsed = Date.now() - began;
    furthest = Math.max(furthest, share ?? 0);
    if (terminal) {
      draw(
        `${heading} ${share === undefined ? seconds(elapsed) : barOf(furthest)}  ${detail}${left(furthest, elapsed)}`,
      );
    } else if (told === undefined || elapsed - told > QUIET_MS) {
      told = elapsed;
      say(`${heading} ${share === undefined ? seconds(elapsed) : percent(furthest)}  ${detail}`);
    }
  };
  const done = (detail: string): void => say(`${heading} ok  ${seconds(Date.now() - began)}   ${detail}`);
  return { progress, done };
}

function draw(text: string): void {
  clear();
  process.stderr.write(`  ${text.slice(0, (process.stderr.columns || 80) - 3)}`);
  drawn = true;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1).padStart(5)} s`;
const percent = (share: number): string => `${String(Math.floor(share * 100))} %`;

function barOf(share: number): string {
  const full = Math.round(share * WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}  ${percent(share)}`;
}

function left(share: number, elapsed: number): string {
  if (elapsed < 3_000 || share < 0.02) return '';
  return `, about ${String(Math.ceil(((1 - share) * elapsed) / share / 1000))} s left`;
}

import process from 'node:process';

/** Tells whoever started this program that it is ready (nobody, when it was started by hand). */
export function tellReady(): void {
  process.send?.('ready');
}

import { Fault } from './fault.js';

export const LARGEST_JSON = 1024 * 1024;
/** The largest file of evidence. */
export const LARGEST_FILE = 5 * 1024 ** 3;
const DEEPEST = 16;

/** Reads a body of JSON: UTF-8, only texts and numbers that the ledger can keep, nested at most sixteen deep. */
export function readJson(bytes: Buffer): unknown {
  const words = decode(bytes);
  if (words.trim() === '') return undefined;
  const value = parse(words);
  if (depthOf(value) > DEEPEST) throw malformed('It is nested deeper than 16.');
  return value;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw malformed('It is not UTF-8.');
  }
}

function parse(words: string): unknown {
  try {
    return JSON.parse(words, keepable);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw malformed('It does not follow the grammar of JSON.');
  }
}

/** No name that reaches into prototypes, no text that is none; minus zero is zero. */
function keepable(name: string, value: unknown): unknown {
  if (name === '__proto__') throw malformed('The name __proto__ is not taken.');
  if (!isText(name) || (typeof value === 'string' && !isText(value)))
    throw malformed('A text has a zero byte, or half of a surrogate pair.');
  return value === 0 ? 0 : value;
}

/** True for a text that PostgreSQL and the ledger can keep. */
export const isText = (words: string): boolean => !words.includes('\0') && words.isWellFormed();

/** Level by level, without recursion: a body made of brackets alone must not exhaust the stack. */
function depthOf(value: unknown): number {
  let level = [value].filter(isNested);
  let depth = 0;
  while (level.length > 0 && depth <= DEEPEST) {
    depth += 1;
    level = level.flatMap(membersOf).filter(isNested);
  }
  return depth;
}

const membersOf = (value: object): unknown[] => Object.values(value);

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

const malformed = (detail: string): Fault => new Fault('malformed-json', detail);

import type { Command } from '#domain/act.js';
import type { Id } from '#domain/actor.js';
import type { Machine } from '#domain/machine.js';
import { machineOf, machineWith } from '#domain/machines.js';
import type { Step } from '#domain/process/news.js';
import { partsOf } from '#domain/process/routing.js';
import { readingOf } from '#domain/reading.js';
import type { Ask } from './command-read.js';

/** A command as it is asked for. One that makes a thing may leave its id open: it is then made from the command's key. */
export type Asked = Omit<Command, 'stream'> & { readonly stream?: Id };

/** Who calls, with which credential, and by which key the call is known again. */
export interface Caller {
  readonly principal: Id;
  readonly organisation: Id;
  /** The proof of sign-in, or the key: stands in every entry. */
  readonly auth: string;
  /** The hash of what they signed in with, where that may have ended since they were let in. */
  readonly credential?: string | undefined;
  readonly key: string;
  readonly route: string;
  /** The hash of the body: the same key with another body is refused. */
  readonly fingerprint: string;
  readonly dryRun?: boolean;
  /** What led to it, in the form of W3C's `traceparent`. */
  readonly trace?: string | undefined;
}

/** A command with all that is known about it before anything is read. */
export interface Issue {
  readonly machine: Machine;
  readonly asked: Asked;
  readonly ask: Ask;
  readonly auth: string;
  /** The key from which a sandbox makes ids and salts. */
  readonly key: string;
  /** The step of a process, which is then also the command's key in the ledger. */
  readonly step?: string;
}

/** How long a repeated command waits for the first one. */
const PATIENCE = '2s';
/** How long a step waits for the same step of another worker. */
const PATIENCE_OF_PROCESSES = '10s';

export function byPerson(asked: Asked, caller: Caller): Issue {
  const { principal, organisation, route, key, auth, credential } = caller;
  const machine = machineWith(asked.type, asked.stream);
  const whole = [organisation, principal, route, key].join('\n');
  const own = { lock: whole, patience: PATIENCE, organisation, principal, credential, route, key };
  return { machine, asked, ask: { ...own, ...reads(machine, asked) }, auth, key: whole };
}

export function byProcess(process: Id, { key, order }: Step): Issue {
  const { subject } = partsOf(process);
  const machine = order.makes ? machineOf(order.makes.kind) : machineWith(order.command, subject);
  const place = order.makes ? { under: subject } : { stream: subject };
  const asked = { type: order.command, input: order.input, ...place };
  const own = { lock: key, patience: PATIENCE_OF_PROCESSES, process, step: key };
  return { machine, asked, ask: { ...own, ...reads(machine, asked) }, auth: process, key, step: key };
}

/** A step of Perennial that no process takes: its loops come to what a process need not wait for. */
export function byEngine(subject: Id, { key, order }: Step): Issue {
  const asked = { type: order.command, input: order.input, stream: subject };
  const machine = machineWith(order.command, subject);
  const own = { lock: key, patience: PATIENCE_OF_PROCESSES, step: key };
  return { machine, asked, ask: { ...own, ...reads(machine, asked) }, auth: key, key, step: key };
}

/** The thing as a caller looks at it, with nothing asked of it yet. */
export const lookAt = (
  stream: Id,
  { principal, organisation }: Pick<Caller, 'principal' | 'organisation'>,
): Ask => ({
  ...{
    lock: '',
    patience: '0',
    principal,
    organisation,
    stream,
    makes: false,
    looks: false,
    kinds: [],
    holders: [],
  },
});

function reads(machine: Machine, { type, input, stream, under }: Asked): Omit<Ask, 'lock' | 'patience'> {
  const { kinds, holders, series, address } = readingOf(
    machine,
    { type, input, stream: stream ?? '' },
    machine.initial(stream ?? ''),
  );
  return {
    ...{ stream, under, kinds, holders, looks: kinds.length > 0 },
    makes: machine.commands[type]?.from.includes('none') === true,
    ...(series === undefined ? {} : { series }),
    ...(address === undefined ? {} : { address }),
  };
}

import type { Command } from './act.js';
import type { Id, Role } from './actor.js';
import type { CommandRule, Machine, Thing } from './machine.js';
import { machineWith } from './machines.js';
import { isTask } from './task/facts.js';

/** What must be read, and how it must be locked, before a command can be decided. */
export interface Reading {
  /** Kinds of the programme's things to read; with any, the command excludes all others of its programme. */
  readonly kinds: readonly string[];
  /** People and organisations that are read, with the competences about these people; the actor's own are read always. */
  readonly people: readonly Id[];
  /** Roles whose holders on both sides of the programme are read. */
  readonly holders: readonly Role[];
  /** The mail address whose accounts are read, where real certifications are run. */
  readonly address?: string;
  /** The series from which the new thing takes its number for people. */
  readonly series?: string;
}

/** What the command that a task asks for would look at: whoever is to have the task is asked as if they acted. (SOD-15) */
export const lookedAtFor = (thing: Thing): readonly string[] =>
  isTask(thing) && thing.about !== undefined
    ? (machineWith(thing.asks, thing.about).commands[thing.asks]?.looks ?? [])
    : [];

const kindsOf = (rule: CommandRule, subject: Thing): readonly string[] => [
  ...(rule.looks ?? []),
  ...(rule.handsTo ? lookedAtFor(subject) : []),
];

/** What a command reads, from its definition, its input and the thing as it stands. Pure, and the same for every store. */
export function readingOf(machine: Machine, command: Command, subject: Thing): Reading {
  const rule = machine.commands[command.type];
  if (!rule) throw new RangeError(`${machine.kind} has no command ${command.type}`);
  const address = rule.address?.(command.input);
  return {
    ...(address === undefined ? {} : { address }),
    kinds: kindsOf(rule, subject),
    people: rule.people?.(command.input, subject) ?? [],
    holders: rule.holders?.(command.input) ?? [],
    ...(rule.series === undefined ? {} : { series: rule.series }),
  };
}

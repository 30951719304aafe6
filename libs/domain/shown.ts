import type { Machine } from './machine.js';
import type { RefusalCode, RuleId } from './refusal.js';
import type { Shown, Tried } from './witness.js';

// What no specification has shown, told from what a witness saw.

type Machines = readonly Machine[];

const rows = (machines: Machines) =>
  machines.flatMap((machine) =>
    Object.entries(machine.commands).map(([command, rule]) => ({ machine, command, rule })),
  );

const isOf =
  (machine: Machine, command: string) =>
  (one: Tried | Shown): boolean =>
    one.machine === machine && one.command === command;

/** Stages that no thing ever entered. */
export function stagesNotReached(machines: Machines, tried: readonly Tried[]): readonly string[] {
  const things = tried.flatMap((one) => one.things);
  const entered = things.flatMap(({ kind, stage, entered: before }) =>
    [stage, ...Object.keys(before)].map((one) => `${kind}: ${one}`),
  );
  const reached = new Set(entered);
  return machines
    .flatMap(({ kind, stages }) => stages.map((stage) => `${kind}: ${stage}`))
    .filter((stage) => !reached.has(stage));
}

/** Commands that nobody ever did; where two must act, the consent of the first is not enough. */
export const commandsNotDone = (machines: Machines, tried: readonly Tried[]): readonly string[] =>
  rows(machines)
    .filter(
      ({ machine, command }) =>
        !tried
          .filter(isOf(machine, command))
          .some(
            ({ outcome }) =>
              'events' in outcome && outcome.events.some(({ type }) => type !== 'second.awaited'),
          ),
    )
    .map(({ machine, command }) => `${machine.kind}: ${command}`);

/** Codes with which a command says that it refuses, and with which no specification showed it refusing. */
export const refusalsNotShown = (machines: Machines, shown: readonly Shown[]): readonly string[] =>
  rows(machines).flatMap(({ machine, command, rule }) => {
    const codes = shown.filter(isOf(machine, command)).map(({ code }) => code);
    return rule.refuses
      .filter((code) => !codes.includes(code))
      .map((code) => `${machine.kind}: ${command} refuses ${code}`);
  });

/** Facts that a machine knows and that never happened. */
export function factsNotRecorded(machines: Machines, tried: readonly Tried[]): readonly string[] {
  const recorded = new Set(
    tried.flatMap(({ outcome }) => ('events' in outcome ? outcome.events.map(({ type }) => type) : [])),
  );
  return machines.flatMap(({ evolve }) => Object.keys(evolve)).filter((type) => !recorded.has(type));
}

/** Codes, of all that there are, of which no specification shows the use. */
export const codesNotShown = (codes: readonly string[], shown: readonly Shown[]): readonly string[] =>
  codes.filter((code) => !shown.some((one) => one.code === code));

/** What refusals named that the row of the command does not name: a code, or a rule. */
export function unsaid(
  tried: readonly Tried[],
  general: { readonly codes: readonly RefusalCode[]; readonly rules: readonly RuleId[] },
): readonly string[] {
  const found = tried.flatMap(({ machine, command, outcome }) => {
    const rule = machine.commands[command];
    const refused = 'refused' in outcome && !rule?.handsTo ? outcome.refused : []; // a task is refused with what it asks for
    return refused.flatMap(({ code, rules }) => [
      ...(rule?.refuses.includes(code) || general.codes.includes(code) ? [] : [`${command} refuses ${code}`]),
      ...rules
        .filter((id) => !rule?.rules.includes(id) && !general.rules.includes(id))
        .map((id) => `${command} refuses by ${id}`),
    ]);
  });
  return [...new Set(found)];
}

/** Rules that no text names; one rule is not named by the beginning of another's id. */
export function rulesNotNamed(ids: readonly string[], texts: readonly string[]): readonly string[] {
  const named = new Set(
    texts.flatMap((text) => text.match(/\b(?:R|SOD|I|INV|SM|SUP)-[A-Z0-9-]*\d[a-z]?/g) ?? []),
  );
  return ids.filter((id) => !named.has(id));
}

/** A place in the code at which an objection is made: the file, its code, and its message as a pattern. */
export interface Place {
  readonly where: string;
  readonly code: string;
  readonly says: RegExp;
}

/** The words in quotes, or a name behind which they stand. */
const MESSAGE = /('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|\w+(?=[,)]))/.source;
/** A code, its rules as a list or a name, and the message. */
const REFUSAL = new RegExp(
  String.raw`\brefusal\(\s*'([a-z0-9-]+)',\s*(?:\[[^\]]*\]|\w+(?:\(\w*\))?),\s*` + MESSAGE,
  'g',
);
/** The helper of findings: other roles could, and the message says why not this one. */
const OTHERS = new RegExp(String.raw`\bothers\(\s*(?:\[[^\]]*\]|\w+),\s*` + MESSAGE, 'g');

/** The places in a file at which objections are made, and how many there are whose words cannot be read. */
export function placesIn(
  where: string,
  source: string,
): { readonly places: readonly Place[]; readonly unread: readonly string[] } {
  const refusals = [...source.matchAll(REFUSAL)].map(([, code = '', said = '']) => ({ code, said }));
  const others = [...source.matchAll(OTHERS)].map(([, said = '']) => ({ code: 'not-permitted', said }));
  const called = [...source.matchAll(/\b(?:refusal|others)\(/g)].length;
  const missed = called - refusals.length - others.length;
  return {
    places: [...refusals, ...others].map(({ code, said }) => ({ where, code, says: patternOf(said) })),
    unread: missed > 0 ? [`${where}: ${String(missed)}`] : [],
  };
}

/** What the message can be; behind a name it can be anything. */
function patternOf(message: string): RegExp {
  if (/^\w/.test(message)) return /^/;
  const text = message.slice(1, -1).replaceAll(/\\(.)/g, '$1');
  const literal = text.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`);
}

/** Places whose objection never stood in anybody's way. */
export function placesNotMet(places: readonly Place[], tried: readonly Tried[]): readonly string[] {
  const refused = tried.flatMap(({ outcome }) => ('refused' in outcome ? outcome.refused : []));
  const met = [...new Map(refused.map((one) => [`${one.code} ${one.message}`, one])).values()];
  return places
    .filter(({ code, says }) => !met.some((one) => one.code === code && says.test(one.message)))
    .map(({ where, code, says }) => `${where}: ${code} ${says.source}`);
}

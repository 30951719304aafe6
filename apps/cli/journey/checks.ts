import { isRole, sideOf, type Role } from '#domain/actor.js';
import type { CommandRule, Machine } from '#domain/machine.js';
import { machines } from '#domain/machines.js';
import { Names, NotMade, referencesIn } from '#rehearsal/play/names.js';
import type { Members } from '#rehearsal/play/script.js';
import type { ActInFile, ScriptFile } from './file-shape.js';
import { nearest, type Path } from './lines.js';

/** A fault with its place in the file. */
export interface Fault {
  readonly path: Path;
  readonly wrong: string;
}

/** What the schema of a command's input says against an input. */
export type InputCheck = (command: string, input: Members) => readonly Fault[];

/** The act that brings evidence in; it is filed as a real file, so it takes names of `evidence` instead of an input. */
const FILES = 'recordEvidence';

/** Everything about a file that its shape alone does not show: names, dates in order, commands, roles, inputs. */
export function faultsOf(file: ScriptFile, inputs: InputCheck): readonly Fault[] {
  const checker = new Checker(file, inputs);
  return [
    ...sidesOf(file),
    ...peopleOf(file),
    ...evidenceOf(file),
    ...file.acts.flatMap((act, place) => checker.act(act, place)),
    ...checker.expected(),
    ...datesOf(file),
  ];
}

/** True where the body is a record that the client keeps: the application says so. */
const keepsRecordOfBody = ({ acts }: ScriptFile): boolean =>
  acts.some((act) => act.does === 'submitApplication' && 'mirroredBody' in act.with);

function sidesOf(file: ScriptFile): readonly Fault[] {
  const sides = Object.values(file.organisations).map(({ side }) => side);
  const needed = keepsRecordOfBody(file) ? (['client'] as const) : (['client', 'certificationBody'] as const);
  return needed
    .filter((side) => !sides.includes(side))
    .map((side) => ({
      path: ['organisations'],
      wrong: `there is no ${side}; a programme joins one of each, or its application has a mirroredBody`,
    }));
}

function peopleOf({ people, organisations }: ScriptFile): readonly Fault[] {
  return Object.entries(people).flatMap(([who, { of, 'same-human-as': same }]) => [
    ...unknown(['people', who, 'of'], 'organisation', of, Object.keys(organisations)),
    ...(same === undefined
      ? []
      : unknown(['people', who, 'same-human-as'], 'person', same, Object.keys(people))),
  ]);
}

function evidenceOf({ evidence, people }: ScriptFile): readonly Fault[] {
  return Object.entries(evidence).flatMap(([name, { 'approved-by': by }]) =>
    by === undefined ? [] : unknown(['evidence', name, 'approved-by'], 'person', by, Object.keys(people)),
  );
}

function datesOf({ starts, ends, acts }: ScriptFile): readonly Fault[] {
  const out = acts.flatMap(({ on }, place): Fault[] => {
    const before = acts[place - 1]?.on ?? starts;
    if (on >= before) return [];
    const than = place === 0 ? `the start of ${before}` : `the act before it, of ${before}`;
    return [
      {
        path: ['acts', place, 'on'],
        wrong: `${on} lies before ${than}; acts stand in the order of their days`,
      },
    ];
  });
  const last = acts.at(-1)?.on ?? starts;
  return ends >= last
    ? out
    : [...out, { path: ['ends'], wrong: `${ends} lies before the last act, of ${last}` }];
}

/** Reads the acts in their order and knows what was made before each of them. */
class Checker {
  private readonly made = new Map<string, Machine | undefined>();
  private readonly names: Names;
  private readonly known: readonly string[];

  constructor(
    private readonly file: ScriptFile,
    private readonly inputs: InputCheck,
  ) {
    this.names = new Names({ ...file.sites, ...file['ai-systems'] });
    Object.keys(file.organisations).forEach((one) => this.names.give(one, exampleId('org')));
    Object.keys(file.people).forEach((one) => this.names.give(one, exampleId('per')));
    this.known = Object.values(machines).flatMap(({ commands }) => Object.keys(commands));
  }

  act(act: ActInFile, place: number): readonly Fault[] {
    const at = (...more: Path): Path => ['acts', place, ...more];
    const common = [
      ...unknown(at('who'), 'person', act.who, Object.keys(this.file.people)),
      ...act.evidence.flatMap((one, n) => this.evidence(act, one, at('evidence', n))),
    ];
    const machine = Object.values(machines).find(({ commands }) => Object.hasOwn(commands, act.does));
    const rule = machine?.commands[act.does];
    if (!machine || !rule) {
      this.makeAll(act.makes);
      return [...common, ...unknown(at('does'), 'command', act.does, this.known)];
    }
    if (act.does === FILES) return [...common, ...this.filing(act, at)];
    const faults = [
      ...common,
      ...this.roles(act, rule, at('who')),
      ...this.target(act, machine, rule, at),
      ...this.input(act, at('with')),
    ];
    const [first, ...others] = act.makes;
    if (first !== undefined) this.make(first, rule.from.includes('none') ? machine : this.guess(first));
    this.makeAll(others);
    return faults;
  }

  /** What an act opens on the side may be of any kind. */
  private makeAll(names: readonly string[]): void {
    names.forEach((name) => this.make(name, this.guess(name)));
  }

  /** What is expected at the end is about things that were made. */
  expected(): readonly Fault[] {
    const { stages, dates, reminders } = this.file.expected;
    const known = [...this.made.keys()];
    return [
      ...Object.entries(stages).flatMap(([thing, stage]) => [
        ...unknown(['expected', 'stages', thing], 'thing', thing, known),
        ...this.stage(thing, stage),
      ]),
      ...dates.flatMap(({ of }, n) => unknown(['expected', 'dates', n, 'of'], 'thing', of, known)),
      ...reminders.flatMap(({ about }, n) =>
        unknown(['expected', 'reminders', n, 'about'], 'thing', about, known),
      ),
    ];
  }

  private stage(thing: string, stage: string): readonly Fault[] {
    const machine = this.made.get(thing);
    return machine ? unknown(['expected', 'stages', thing], 'stage', stage, machine.stages) : [];
  }

  private roles({ who, refused, does }: ActInFile, rule: CommandRule, path: Path): readonly Fault[] {
    const roles = this.file.people[who]?.roles;
    const both: readonly Role[] = [...rule.who.filter(isRole), ...(rule.and ?? [])];
    const records = keepsRecordOfBody(this.file) && both.some((one) => sideOf(one) === 'certificationBody');
    const able = records ? [...both, 'aims-manager' as const] : both;
    if (!roles || refused || roles.some((one) => able.includes(one))) return [];
    const allowed = able.length > 0 ? able.join(' or ') : 'Perennial itself';
    return [{ path, wrong: `${who} is ${roles.join(', ')}; ${does} is for ${allowed}` }];
  }

  private target(
    act: ActInFile,
    machine: Machine,
    rule: CommandRule,
    at: (...more: Path) => Path,
  ): readonly Fault[] {
    const under = act.under === undefined ? [] : this.thing(act.under, at('under'));
    if (rule.from.includes('none') && act.to === undefined) {
      const nameless = act.makes.length === 0 && !act.refused;
      return nameless
        ? [
            ...under,
            { path: at('does'), wrong: `${act.does} makes a new ${machine.kind}: name it with makes` },
          ]
        : under;
    }
    if (act.to === undefined) {
      return [
        ...under,
        { path: at('does'), wrong: `${act.does} is done to a ${machine.kind}: name it with to` },
      ];
    }
    const kind = this.made.get(act.to);
    const other = kind !== undefined && kind.kind !== machine.kind;
    return [
      ...under,
      ...this.thing(act.to, at('to')),
      ...(other
        ? [{ path: at('to'), wrong: `${act.to} is a ${kind.kind}; ${act.does} is for a ${machine.kind}` }]
        : []),
    ];
  }

  private filing(act: ActInFile, at: (...more: Path) => Path): readonly Fault[] {
    if (act.evidence.length === 0)
      return [{ path: at('does'), wrong: 'name the files that come in with evidence' }];
    act.evidence.forEach((one) => this.names.give(one, exampleId('evd')));
    return act.to === undefined
      ? [{ path: at('does'), wrong: 'name the programme that the evidence is for with to' }]
      : this.thing(act.to, at('to'));
  }

  private evidence({ does }: ActInFile, name: string, path: Path): readonly Fault[] {
    const faults = unknown(path, 'evidence', name, Object.keys(this.file.evidence));
    if (faults.length > 0 || does === FILES || this.names.find(name) !== undefined) return faults;
    return [{ path, wrong: `${name} comes in later; let somebody do ${FILES} with it before` }];
  }

  private input(act: ActInFile, path: Path): readonly Fault[] {
    const names = [...Object.keys(this.file.sites), ...Object.keys(this.file['ai-systems'])];
    const strange = referencesIn(act.with).filter(
      (one) => !names.includes(one) && this.names.find(one) === undefined,
    );
    if (strange.length > 0) {
      const all = [...names, ...Object.keys(this.file.people), ...this.made.keys()];
      return strange.flatMap((one) => unknown(path, 'name', one, all));
    }
    try {
      return this.inputs(act.does, this.names.resolve(act.with)).map((fault) => ({
        ...fault,
        path: [...path, ...fault.path],
      }));
    } catch (error) {
      if (error instanceof NotMade) return [{ path, wrong: error.message }];
      throw error;
    }
  }

  private thing(name: string, path: Path): readonly Fault[] {
    const people = [...Object.keys(this.file.people), ...Object.keys(this.file.organisations)];
    return people.includes(name) ? [] : unknown(path, 'thing made before', name, [...this.made.keys()]);
  }

  private make(name: string, machine: Machine | undefined): void {
    this.made.set(name, machine);
    this.names.give(name, exampleId(machine?.prefix ?? 'prg'));
  }

  /** What an act opens on the side is told by the first act that is done to it. */
  private guess(name: string): Machine | undefined {
    const next = this.file.acts.find(({ to }) => to === name)?.does;
    return Object.values(machines).find(
      ({ commands }) => next !== undefined && Object.hasOwn(commands, next),
    );
  }
}

const exampleId = (prefix: string): string => `${prefix}_01k9zq4v8e7m3x5t2c6b0n1r9s`;

function unknown(path: Path, kind: string, word: string, known: readonly string[]): readonly Fault[] {
  if (known.includes(word)) return [];
  const near = nearest(word, known);
  const instead = near === undefined ? listed(known) : `did you mean ${near}?`;
  return [{ path, wrong: `there is no ${kind} ${word}; ${instead}` }];
}

const listed = (known: readonly string[]): string =>
  known.length === 0
    ? 'there are none yet'
    : `there are ${known.slice(0, 12).join(', ')}${known.length > 12 ? ' …' : ''}`;

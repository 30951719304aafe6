import { inPersonCodes } from '#domain/refusal.js';
import type { CommandRule, Machine } from '#domain/machine.js';
import type { Id } from '#domain/actor.js';
import { z } from 'zod';
import { pastListOf, pastProblems, pastQuery } from './past.js';
import type { ProblemCode } from './problem.js';
import { kebab, route, type Route } from './route.js';
import { acted, circumstances, entryShape, id, obligationShape, pastMembers, thingShape } from './shapes.js';

type Inputs = Readonly<Record<string, z.ZodObject>>;
type Circumstances = z.input<z.ZodObject<typeof circumstances>>;

/** How a collection of things with a life stands at the door. */
export interface CollectionWords<I extends Inputs, S extends z.ZodRawShape = z.ZodRawShape> {
  /** Plural, as in the address: `findings`. */
  readonly name: string;
  /** What one of them is called in the documents: `Finding`. */
  readonly title: string;
  readonly machine: Machine;
  /** Members of a thing that its answers show beside what all things show. */
  readonly shows: S;
  /** Members that it shows of the past alone. */
  readonly showsThen?: z.ZodRawShape;
  /** Filters of the list beside those that all lists have. */
  readonly filters?: z.ZodRawShape;
  /** The input of each command that people or keys may issue. */
  readonly inputs: I;
  /** For commands that make a thing under another: the member of the body that names it, and its prefixes. */
  readonly under?: Readonly<Partial<Record<keyof I & string, Under>>>;
}

/** The parameters of a single thing. */
const includes = {
  include: z
    .string()
    .regex(/^(actions(\.all)?|explanations)(,(actions(\.all)?|explanations))*$/)
    .exactOptional()
    .meta({
      description:
        'More to show, with commas between: `actions`, `actions.all` (those of other roles too), `explanations`.',
      examples: ['actions'],
    }),
};

const filters = {
  state: z.string().min(1).max(500).exactOptional().meta({ description: 'Stages, with commas between.' }),
  programme: id('prg').exactOptional(),
  about: z
    .string()
    .min(1)
    .max(40)
    .exactOptional()
    .meta({ description: 'Id of the thing that they are about.' }),
};

/** One thing as a GET shows it. */
const shown = <S extends z.ZodRawShape>({ title, shows, showsThen = {} }: CollectionWords<Inputs, S>) =>
  thingShape
    .extend({ ...showsThen, ...pastMembers, ...shows })
    .meta({ id: title, description: `${title}, as it stands, or as it was.` });

/** A thing with what a command did to it. */
const answered = <S extends z.ZodRawShape>(title: string, shows: S) =>
  thingShape
    .omit({ texts: true, createdAt: true })
    .extend({ ...shows, ...acted })
    .meta({ id: `${title}Acted`, description: `${title} after a command, with what was recorded.` });

/** The routes of a collection: list, one, its history and its obligations, and one for each command of its machine. */
export function collection<I extends Inputs, S extends z.ZodRawShape>(words: CollectionWords<I, S>) {
  const { name, title, machine, shows } = words;
  const [thing, answer] = [shown(words), answered(title, shows)];
  const [all, one] = [`/v1/${name}`, `/v1/${name}/{id}`];
  const a = title.toLowerCase();
  return {
    kind: machine.kind,
    prefix: machine.prefix,
    name,
    machine,
    /** One of them, as its answers show it. */
    shown: thing,
    /** The members that every answer shows, empty ones too. */
    members: Object.keys(shows),
    list: pastListOf({
      name: `list${plural(name)}`,
      does: `Lists what you may see of ${name.replaceAll('-', ' ')}.`,
      path: all,
      row: thing,
      query: { ...filters, ...words.filters },
    }),
    get: route({
      name: `get${title}`,
      does: `Shows one ${a}.`,
      kind: 'read',
      path: one,
      query: { ...includes, ...pastQuery },
      answer: thing,
      problems: pastProblems,
    }),
    entries: pastListOf({
      name: `list${title}Entries`,
      does: `Lists the facts of one ${a}, in their order.`,
      path: `${one}/entries`,
      row: entryShape,
    }),
    obligations: route({
      name: `list${title}Obligations`,
      does: `Lists what one ${a} owes, and by which date.`,
      kind: 'read',
      path: `${one}/obligations`,
      query: pastQuery,
      answer: z.looseObject({
        data: z.array(obligationShape).meta({ description: 'What is owed.' }),
        ...pastMembers,
      }),
      problems: pastProblems,
    }),
    commands: commandRoutes(words, answer),
    /** The routes by which commands that can make a thing also change one that is there. */
    again: againRoutes(words, answer),
  };
}

export type Collection = ReturnType<typeof collection>;

type CommandRoutes<I extends Inputs, A> = {
  readonly [C in keyof I]: Route<z.input<I[C]> & Circumstances & Readonly<Record<string, unknown>>, A>;
};

function commandRoutes<I extends Inputs, A extends z.ZodType>(
  words: CollectionWords<I>,
  answer: A,
): CommandRoutes<I, z.output<A>> {
  const made = Object.entries(words.inputs).map(([type, input]) => [
    type,
    commandRoute(words, type, input, answer),
  ]);
  return Object.fromEntries(made) as CommandRoutes<I, z.output<A>>;
}

function againRoutes(words: CollectionWords<Inputs>, answer: z.ZodType): readonly Route[] {
  const both = Object.entries(words.inputs).filter(
    ([type]) => (words.machine.commands[type]?.from.length ?? 0) > 1,
  );
  return both
    .filter(([type]) => words.machine.commands[type]?.from.includes('none'))
    .map(([type, input]) => changing(words, type, input, answer));
}

/** `POST /v1/findings` for the first command that makes one, `POST /v1/findings/{id}/accept-plan` for those that change one. */
function commandRoute(
  words: CollectionWords<Inputs>,
  type: string,
  input: z.ZodObject,
  answer: z.ZodType,
): Route {
  const { name, machine } = words;
  const makes = (one: string): boolean => ruleOf(machine, one).from.includes('none');
  if (!makes(type)) return changing(words, type, input, answer);
  const under = words.under?.[type];
  const isFirst = Object.keys(words.inputs).find(makes) === type;
  return route({
    ...described(words, type, answer),
    kind: 'create',
    path: isFirst ? `/v1/${name}` : `/v1/${name}/${kebab(type)}`,
    body: bodyOf(words.title, type, input, under),
    command: { type, kind: machine.kind, prefix: machine.prefix, ...(under ? { under: under.member } : {}) },
  });
}

function changing(
  words: CollectionWords<Inputs>,
  type: string,
  input: z.ZodObject,
  answer: z.ZodType,
): Route {
  const { name, machine } = words;
  return route({
    ...described(words, type, answer),
    kind: 'command',
    path: `/v1/${name}/{id}/${kebab(type)}`,
    body: bodyOf(words.title, type, input),
    command: { type, kind: machine.kind, prefix: machine.prefix },
  });
}

const described = ({ machine }: CollectionWords<Inputs>, type: string, answer: z.ZodType) => ({
  name: type,
  does: ruleOf(machine, type).does,
  answer,
  problems: refusalsOf(ruleOf(machine, type)),
});

function ruleOf(machine: Machine, type: string): CommandRule {
  const rule = machine.commands[type];
  if (!rule) throw new RangeError(`${machine.kind} has no command ${type}`);
  return rule;
}

interface Under {
  readonly member: string;
  readonly prefixes: readonly Id[];
}

/** The input of the command, the circumstances that any command may carry, and what a new thing stands under. */
function bodyOf(title: string, type: string, input: z.ZodObject, under?: Under) {
  const parent = under && !(under.member in input.shape) ? { [under.member]: id(...under.prefixes) } : {};
  return z.strictObject({ ...circumstances, ...parent, ...input.shape }).meta({
    id: `${title}${type[0]?.toUpperCase() ?? ''}${type.slice(1)}${under ? 'Under' : ''}`,
    description: `What ${type} needs.`,
  });
}

function refusalsOf(rule: CommandRule): readonly ProblemCode[] {
  const needed = (rule.needs ?? []).map((need): ProblemCode =>
    need === 'reason' ? 'reason-missing' : 'evidence-missing',
  );
  const second: ProblemCode[] = rule.and ? ['four-eyes-required', 'acknowledgement-missing'] : [];
  const asActing = rule.handsTo ? inPersonCodes : [];
  const anyway = ['on-hold', 'separation-of-duties', 'date-before-evidence', 'evidence-missing'] as const;
  return [...rule.refuses, ...needed, ...second, ...asActing, ...anyway];
}

const plural = (name: string): string =>
  name
    .split('-')
    .map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`)
    .join('');

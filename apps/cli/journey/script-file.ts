import type { Script, ScriptAct } from '#rehearsal/play/script.js';
import { faultsOf, type InputCheck } from './checks.js';
import { fileShape, type ActInFile, type ScriptFile } from './file-shape.js';
import { inWords, Lines, nearest, type Mistake, type Path } from './lines.js';
import { liesIn, repaired, type ShapeIssue } from './repair.js';

/** A script that can be played, or every mistake of its file. */
export type ReadScript = { readonly script: Script } | { readonly mistakes: readonly Mistake[] };

/** Reads a script file. All mistakes are found in one go, each with its line, and nothing is changed. */
export function readScript(text: string, inputs: InputCheck): ReadScript {
  const lines = Lines.read(text);
  if (lines.mistakes.length > 0) return { mistakes: lines.mistakes };
  const parsed = fileShape.safeParse(lines.values());
  if (!parsed.success) return { mistakes: inOrder(allMistakes(parsed.error.issues, lines, inputs)) };
  const faults = faultsOf(parsed.data, inputs);
  if (faults.length > 0) {
    return {
      mistakes: inOrder(
        faults.map(({ path, wrong }) => ({ line: lines.of(path), where: inWords(path), wrong })),
      ),
    };
  }
  return { script: scriptOf(parsed.data, lines) };
}

const inOrder = (mistakes: readonly Mistake[]): readonly Mistake[] =>
  [...mistakes].sort((a, b) => a.line - b.line);

/** The mistakes of the shape, and those that are found when the wrong parts are thought away. */
function allMistakes(issues: readonly ShapeIssue[], lines: Lines, inputs: InputCheck): readonly Mistake[] {
  const mended = repaired(lines.values(), issues);
  const parsed = fileShape.safeParse(mended?.values);
  const more = parsed.success && mended ? faultsOf(parsed.data, inputs) : [];
  const others = more.filter(({ path }) => !liesIn(path, mended?.places ?? []));
  return [
    ...issues.flatMap((issue) => ofShape(issue, lines)),
    ...others.map(({ path, wrong }) => ({ line: lines.of(path), where: inWords(path), wrong })),
  ];
}

function ofShape(issue: ShapeIssue, lines: Lines): readonly Mistake[] {
  const { path, message, keys = [] } = issue;
  if (issue.code !== 'unrecognized_keys')
    return [{ line: lines.of(path), where: inWords(path), wrong: message }];
  const known = membersAt(path);
  return keys.map((key) => {
    const near = nearest(key, known);
    const instead = near === undefined ? `known here: ${known.join(', ')}` : `did you mean ${near}?`;
    return {
      line: lines.of([...path, key]),
      where: inWords(path),
      wrong: `there is no member ${key}; ${instead}`,
    };
  });
}

/** The members that the shape knows at a place of the file. */
function membersAt(path: Path): readonly string[] {
  let shape: unknown = fileShape;
  for (const part of path) shape = into(shape, part);
  const open = unwrapped(shape);
  return isShape(open) && open.shape ? Object.keys(open.shape) : [];
}

interface Shape {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly element?: unknown;
  readonly valueType?: unknown;
  unwrap?(): unknown;
}

const isShape = (value: unknown): value is Shape => typeof value === 'object' && value !== null;

function unwrapped(shape: unknown): unknown {
  return isShape(shape) && typeof shape.unwrap === 'function' && !shape.element
    ? unwrapped(shape.unwrap())
    : shape;
}

function into(shape: unknown, part: PropertyKey): unknown {
  const open = unwrapped(shape);
  if (!isShape(open)) return undefined;
  return open.shape?.[String(part)] ?? open.element ?? open.valueType;
}

function scriptOf(file: ScriptFile, lines: Lines): Script {
  const { people, evidence, expected, sites, 'ai-systems': systems, seed, ...rest } = file;
  return {
    ...rest,
    seed: String(seed),
    described: { ...sites, ...systems },
    people: mapped(people, ({ 'same-human-as': same, ...person }) => ({
      ...person,
      ...(same === undefined ? {} : { sameHumanAs: same }),
    })),
    evidence: mapped(evidence, ({ dated, 'approved-by': by, ...one }) => ({
      ...one,
      datedOn: dated,
      ...(by === undefined ? {} : { approvedBy: by }),
    })),
    acts: file.acts.map((act, place) => actOf(act, lines.of(['acts', place]))),
    expected: {
      stages: Object.entries(expected.stages).map(([thing, stage]) => ({
        line: lines.of(['expected', 'stages', thing]),
        thing,
        stage,
      })),
      dates: expected.dates.map(({ of, date, is }, place) => ({
        line: lines.of(['expected', 'dates', place]),
        thing: of,
        member: date,
        date: is,
      })),
      reminders: expected.reminders.map((one, place) => ({
        ...one,
        line: lines.of(['expected', 'reminders', place]),
      })),
    },
  };
}

function actOf(
  { 'effective-on': effectiveOn, 'signed-by': signedBy, ...act }: ActInFile,
  line: number,
): ScriptAct {
  const { to, under, because, refused, late, ...rest } = act;
  return {
    ...rest,
    line,
    ...(to === undefined ? {} : { to }),
    ...(under === undefined ? {} : { under }),
    ...(because === undefined ? {} : { because }),
    ...(effectiveOn === undefined ? {} : { effectiveOn }),
    ...(signedBy === undefined ? {} : { signedBy }),
    ...(late === undefined ? {} : { late }),
    ...(refused === undefined ? {} : { refused: { code: refused.code, ...ruleOf(refused) } }),
  };
}

const ruleOf = (refused: NonNullable<ActInFile['refused']>) =>
  'rule' in refused && refused.rule !== undefined ? { rule: refused.rule } : {};

const mapped = <A, B>(
  record: Readonly<Record<string, A>>,
  change: (one: A) => B,
): Readonly<Record<string, B>> =>
  Object.fromEntries(Object.entries(record).map(([key, one]) => [key, change(one)]));

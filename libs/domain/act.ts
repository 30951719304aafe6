import type { Actor, Id, OnBehalf, Who } from './actor.js';
import type { CivilDate, Instant } from './instant.js';
import {
  type CommandRule,
  type Context,
  type Event,
  type EvidenceRef,
  type Machine,
  type Objection,
  type Thing,
} from './machine.js';
import { machineWith } from './machines.js';
import type { Policy } from './policy.js';
import { amongItsPeople } from './in-person.js';
import { againstRecording, asRecorded, departuresAmong, handsOfClient, type Hands } from './mirrored.js';
import { inPersonCodes, refusal, unless, type Refusal, type Warning } from './refusal.js';
import { isTask } from './task/facts.js';
import { againstEither, onBothSides, standingOf, turnsOf, type Standing, type Turn } from './turn.js';
import { askedAnew, proposesAnother, secondAwaited } from './two-hands.js';
import { isFilled, missing } from './wording.js';

/** What somebody wants done to one thing. A command that makes a thing names the id that it will have. */
export interface Command {
  readonly type: string;
  readonly stream: Id;
  /** For a command that makes a thing: the thing under which it stands (the programme of an audit, the audit of a finding). */
  readonly under?: Id;
  readonly input: object;
  /** The version that the caller has read; any other is refused. */
  readonly version?: number;
  /** The civil date on which the act counts, when it is not today; earlier than today needs a reason. (R-CAL-14) */
  readonly effectiveOn?: CivilDate;
  readonly reason?: string;
  readonly evidence?: readonly EvidenceRef[];
  /** Of an act of a body that is not on Perennial: the name of who signed there. */
  readonly signedBy?: string;
  readonly acknowledge?: readonly { readonly warning: string; readonly reason: string }[];
}

/** Everything on which the answer to a command rests, read and locked by whoever asks. */
export interface Situation {
  readonly subject: Thing;
  readonly version: number;
  readonly actor: Actor;
  readonly now: Instant;
  readonly today: CivilDate;
  /** From which day the subject's stage counts, in the governing zone. (R-CAL-14) */
  readonly since?: CivilDate;
  /** What the first of two agreed to, in clear; absent when nobody is awaited, or the text was erased. */
  readonly agreed?: string;
  readonly zone: string;
  readonly policy: Policy;
  readonly things: readonly Thing[];
  /** The accounts that have the address which the command names. */
  readonly atAddress?: readonly Id[];
  /** The thing under which a new one is made. */
  readonly under?: Thing;
  readonly newNumber: string;
  readonly sandbox: boolean;
  readonly newId: (prefix: string, ordinal: number) => Id;
}

/** A situation, with what is the same whatever the actor would do in it. */
export type Stood = Situation & Standing;

export const stood = (situation: Situation): Stood => ({ ...situation, ...standingOf(situation) });

/** Either every reason against it, or the facts that it makes. */
export type Outcome =
  | { readonly refused: readonly Refusal[] }
  | {
      readonly role: Who;
      /** For whom, where the role is a colleague's. (SOD-15) */
      readonly actingFor?: OnBehalf | undefined;
      readonly events: readonly Event[];
      readonly warnings: readonly Warning[];
    };

/** Decides a command: refusals with all their reasons, or the events to record. Pure; the one place where rules are asked. */
export function act(machine: Machine, command: Command, situation: Situation): Outcome {
  const rule = machine.commands[command.type];
  if (!rule) throw new RangeError(`${machine.kind} has no command ${command.type}`);
  const possible = mayAct(machine, command.type, stood(situation));
  if ('refused' in possible) return possible;
  const context: Acting = { ...possible.context, ...circumstances(command, situation) };
  if (context.mirrored) return recorded(rule, command, context);
  const objected = [
    ...askedFor(rule, command, context),
    ...againstEither(context, (one) => rule.guard?.(command.input, situation.subject, one) ?? []),
    ...againstTaker(rule, command.input, situation, context),
  ];
  if (objected.length > 0) return { refused: objected };
  const another = possible.first ? undefined : proposesAnother(command, context);
  const warnings = warningsOf(rule, command, context, another);
  const silent = warnings.filter((one) => one.acknowledge && !isAcknowledged(one, command));
  if (silent.length > 0) return { refused: silent.map(unacknowledged) };
  const moves = !possible.first && !another;
  const events = moves ? done(rule, command, context) : secondAwaited(command, context, possible.hands);
  return { role: context.role, actingFor: context.actingFor, events, warnings };
}

const warningsOf = (
  rule: CommandRule,
  { input }: Command,
  context: Acting,
  more?: Warning,
): readonly Warning[] => present([...(rule.warns?.(input, context.subject, context) ?? []), more]);

const done = (rule: CommandRule, { type, input }: Command, context: Acting): readonly Event[] => [
  ...rule.record(input, context.subject, context),
  ...askedAnew(rule, type, context),
];

/**
 * An act of a body that is a record. Nothing stands against what has happened but what the record itself lacks; from what the
 * body departed is recorded with it, and told.
 */
function recorded(rule: CommandRule, command: Command, context: Acting): Outcome {
  const { evidence, role, subject } = context;
  const objected = [
    ...askedFor(rule, command, context),
    ...againstEither(context, (one) => rule.may?.(subject, one) ?? []),
    ...againstEither(context, (one) => rule.guard?.(command.input, subject, one) ?? []),
  ];
  const refused = againstRecording(objected);
  if (refused.length > 0) return { refused };
  const departs = [...departuresAmong(objected), ...present([beforeItsTime(context.effectiveOn, context)])];
  const events = rule.record(command.input, subject, context);
  return {
    role,
    actingFor: context.actingFor,
    events: asRecorded(events, subject.id, { evidence, signedBy: command.signedBy ?? '', departs }),
    warnings: [
      ...warningsOf(rule, command, context),
      ...departs.map(({ rules, message }): Warning => ({
        ...{ code: 'departs-from-rule', rules, message, acknowledge: false },
      })),
    ],
  };
}

/** Not possible, with every reason; or possible in a role, and who must act after, if somebody must. */
type Possible =
  | { readonly refused: readonly Refusal[] }
  | { readonly context: Acting; readonly first: boolean; readonly hands: Hands };

/** What a rule looks at, with what was read of the thing itself. */
type Acting = Context & Pick<Situation, 'subject' | 'version' | 'since' | 'agreed'>;

/** The part of the answer that needs no input: who, in which stage, and the guards that the list of actions asks. */
export function mayAct(machine: Machine, type: string, situation: Stood): Possible {
  const rule = machine.commands[type];
  if (!rule) throw new RangeError(`${machine.kind} has no command ${type}`);
  const hands = handsOf(rule, situation);
  const anyway = [
    ...(hands.recorded && rule.inside ? [amongItsPeople] : []),
    ...onBothSides(situation),
    ...wrongState(machine, rule, hands, situation),
    ...heldBack(rule, situation),
  ];
  const turns = turnsOf(rule, type, hands, situation).map((turn) =>
    inTurn(rule, turn, { anyway, hands }, situation),
  );
  return turns.find((one) => 'context' in one) ?? turns[0] ?? { refused: anyway };
}

/** In one role: whoever holds several acts in the first of them that nothing stands against. */
function inTurn(
  rule: CommandRule,
  { role, first, actingFor, refused: inPerson }: Turn,
  { anyway, hands }: { readonly anyway: readonly Refusal[]; readonly hands: Hands },
  situation: Situation,
): Possible {
  const refused = [...inPerson, ...anyway];
  if (refused.length > 0 || role === undefined) return { refused };
  const mirrored = hands.recorded;
  const context = { ...situation, role, actingFor, mirrored, effectiveOn: situation.today, evidence: [] };
  const objected = [
    ...againstEither(context, (one) => rule.may?.(situation.subject, one) ?? []),
    ...againstTaker(rule, {}, situation, context),
  ];
  const against = mirrored ? againstRecording(objected) : objected;
  return against.length > 0 ? { refused: against } : { context, first, hands };
}

/** A task comes into the hands of nobody whom the rules would refuse: whoever is to have it is asked as if they acted. (SOD-15) */
function againstTaker(
  rule: CommandRule,
  input: object,
  situation: Situation,
  context: Acting,
): readonly Refusal[] {
  const taker = rule.handsTo?.(input, situation.subject, context);
  return taker ? againstDoing(situation.subject, taker, situation) : [];
}

/** What stands in person against somebody who would do what a task asks. */
export function againstDoing(task: Thing, who: Actor, situation: Situation): readonly Refusal[] {
  const about = situation.things.find(({ id }) => id === task.about);
  if (!about || !isTask(task)) return [];
  const there = stood({ ...situation, subject: about, actor: who });
  const possible = mayAct(machineWith(task.asks, about.id), task.asks, there);
  return 'refused' in possible ? possible.refused.filter(({ code }) => inPersonCodes.includes(code)) : [];
}

/** Who acts and who confirms; where the body is a record, the client does both. */
const handsOf = (rule: CommandRule, situation: Stood): Hands =>
  situation.actor.kind !== 'engine' && situation.parties?.bodyMode === 'mirrored'
    ? handsOfClient(rule, situation)
    : { who: rule.who, and: rule.and ?? [], recorded: false };

function wrongState(
  machine: Machine,
  { from, passesOver }: CommandRule,
  { recorded }: Hands,
  { subject }: Situation,
): Refusal[] {
  const always = from.includes('*');
  const open = always && subject.stage !== 'none' && !machine.ends.includes(subject.stage);
  const passed = recorded && passesOver?.includes(subject.stage);
  if (open || passed || from.includes(subject.stage)) return [];
  const stages = from.join(' or ');
  const needed = always ? 'it has ended' : `it must be ${stages}`;
  return [
    refusal('wrong-state', ['INV-7'], `This is ${subject.stage}; for this ${needed}.`, {
      wouldNeed: always ? 'a thing that has not ended' : stages,
    }),
  ];
}

/** A programme on hold takes no command of people on its audits and findings; no clock stops meanwhile. (I-13) */
function heldBack(rule: CommandRule, { actor, subject, things }: Situation): Refusal[] {
  if (actor.kind === 'engine' || rule.from.includes('onHold') || subject.kind === 'task') return [];
  if (!isOnHold(subject) && !things.some(isOnHold)) return [];
  return [
    refusal('on-hold', ['I-13'], 'The programme is on hold.', { wouldNeed: 'the programme to be resumed' }),
  ];
}

const isOnHold = ({ kind, stage }: Thing): boolean => kind === 'programme' && stage === 'onHold';

const present = <T>(list: readonly (T | undefined)[]): T[] => list.filter((one) => one !== undefined);

function circumstances(
  command: Command,
  { today }: Situation,
): Pick<Context, 'effectiveOn' | 'evidence' | 'reason'> {
  return {
    effectiveOn: command.effectiveOn ?? today,
    evidence: command.evidence ?? [],
    ...(command.reason === undefined ? {} : { reason: command.reason }),
  };
}

/** What any command can be refused for: version, dates, missing reason, missing evidence. (R-CAL-14, R-EVD-1, R-EVD-2) */
function askedFor(rule: CommandRule, command: Command, context: Acting): Refusal[] {
  const { version, today, mirrored } = context;
  const { version: read = version, effectiveOn = today } = command;
  return present([
    unless(read === version, () =>
      refusal(
        'stale-version',
        ['INV-7'],
        `It has changed since you read it: version ${String(version)} stands.`,
      ),
    ),
    unless(effectiveOn <= today, () =>
      refusal('date-in-future', ['INV-13'], `${effectiveOn} lies ahead; today is ${today}.`),
    ),
    mirrored ? undefined : beforeItsTime(effectiveOn, context),
    unexplained(rule, command, context),
    ...(mirrored ? [unshown(command)] : [withoutEvidence(rule, command), signedNowhere(command)]),
  ]);
}

/** What counts from an earlier day needs a reason; an act of a body that is a record has its document. (R-CAL-14, R-EVD-2) */
function unexplained(
  { needs = [] }: CommandRule,
  { reason, effectiveOn }: Command,
  { mirrored, today }: Acting,
): Objection {
  const backDated = effectiveOn !== undefined && effectiveOn !== today && !mirrored;
  return (needs.includes('reason') || backDated) && !isFilled(reason)
    ? refusal('reason-missing', ['R-EVD-2'], 'This needs a reason.')
    : undefined;
}

const withoutEvidence = ({ needs = [] }: CommandRule, { evidence = [] }: Command): Objection =>
  needs.includes('evidence') && evidence.length === 0
    ? refusal('evidence-missing', ['R-EVD-1'], 'This needs evidence: attach the file that shows it.')
    : undefined;

/** What a body did is recorded with what shows it. (R-EVD-1) */
function unshown({ evidence = [], signedBy }: Command): Objection {
  const lacking = [...(evidence.length > 0 ? [] : ['evidence']), ...missing({ signedBy })];
  return lacking.length === 0
    ? undefined
    : refusal(
        'evidence-missing',
        ['R-EVD-1'],
        'Record an act of the body with the document that shows it and the name of who signed it there.',
        { missing: lacking },
      );
}

const signedNowhere = ({ signedBy }: Command): Objection =>
  signedBy === undefined
    ? undefined
    : refusal('wrong-state', ['R-GEN-6'], 'Only an act of a body that is not on Perennial is signed there.', {
        wouldNeed: 'to leave out who signed',
      });

/** An act may count from an earlier day, but from none on which the thing had not come so far: nothing is verified before it was shown. (R-CAL-14) */
const beforeItsTime = (effectiveOn: CivilDate, { subject, since, today }: Acting): Objection =>
  since !== undefined && effectiveOn < since && effectiveOn < today
    ? refusal(
        'date-before-evidence',
        ['R-CAL-14'],
        `It is ${subject.stage} since ${since}; this counts from ${effectiveOn}.`,
        { wouldNeed: `a date from ${since}` },
      )
    : undefined;

const isAcknowledged = ({ code }: Warning, { acknowledge = [] }: Command): boolean =>
  acknowledge.some((one) => one.warning === code && one.reason.trim() !== '');

const unacknowledged = ({ code, rules, message }: Warning): Refusal =>
  refusal('acknowledgement-missing', rules, message, { wouldNeed: `acknowledge ${code} with a reason` });

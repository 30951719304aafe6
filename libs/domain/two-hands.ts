import { isRole, type Role } from './actor.js';
import type { CivilDate } from './instant.js';
import type { Awaited, CommandRule, Context, Event, EvidenceRef, Thing } from './machine.js';
import type { Hands } from './mirrored.js';
import type { Warning } from './refusal.js';
import { queueOwner } from './task/queue.js';
import { taskOpened } from './task/task.js';
import { filled } from './wording.js';

// Two people who must both act agree to one and the same thing: the first says to what, the second to that and nothing else.

/** What one of two says. */
interface Said {
  readonly type: string;
  readonly input: object;
  readonly effectiveOn?: CivilDate;
  readonly reason?: string;
  readonly evidence?: readonly EvidenceRef[];
}

interface Place extends Context {
  readonly subject: Thing;
  /** What the first agreed to, in clear. */
  readonly agreed?: string;
}

/** The first of two: to what they agreed is recorded, and a task asks the other; nothing moves yet. (SUP-0) */
export function secondAwaited(command: Said, context: Place, { who, and }: Hands): readonly Event[] {
  const { subject, actor, role, actingFor } = context;
  const awaits = and.some((one) => one === role) ? who.filter(isRole) : and;
  const held = actingFor ? { actingFor: actingFor.human } : {};
  const data: Awaited = { command: command.type, by: actor.human, ...held, role, awaits };
  const { evidence = [], reason } = command;
  const texts = { agreedTo: matterOf(command), ...filled({ reason }) };
  const event = { stream: subject.id, kind: subject.kind, type: 'second.awaited', data, texts, evidence };
  return [event, ...awaits.slice(0, 1).map((queue) => ask(queue, command.type, context))];
}

/** Whoever acts as the second on another matter than the first agreed to becomes the first for it, and is told before. (SUP-0) */
export function proposesAnother(command: Said, { subject, agreed }: Place): Warning | undefined {
  if (subject.awaited?.command !== command.type || agreed === matterOf(command)) return undefined;
  const message =
    'The first agreed to something else. What you send is then yours, and the other must confirm it.';
  return { code: 'agreed-to-another', rules: ['SUP-0'], message, acknowledge: true };
}

/** The consent of the first is void once the thing changes; where it stays in its stage, no process asks for it again. (SUP-0) */
export function askedAnew(rule: CommandRule, type: string, context: Place): readonly Event[] {
  const { awaited } = context.subject;
  const isVoid = awaited !== undefined && awaited.command !== type && context.actor.kind !== 'engine';
  return isVoid && rule.to.length === 0 && isRole(awaited.role)
    ? [ask(awaited.role, awaited.command, context)]
    : [];
}

function ask(queue: Role, asks: string, { subject, things, newId }: Place): Event {
  return taskOpened(newId('tsk', 0), {
    ...{ queue, asks, about: subject },
    organisation: queueOwner(queue, subject, things),
  });
}

/** What two agree to: the input, the day on which it counts and the files; the same words whatever the order of the members. */
const matterOf = ({ input, effectiveOn, evidence = [] }: Said): string =>
  JSON.stringify(ordered({ input, effectiveOn, evidence: evidence.map(({ sha256 }) => sha256).sort() }));

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, ordered(member)]));
}

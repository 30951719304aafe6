import type { CommandRef } from '#contract/route.js';
import type { Answer as Outcome, Commands, Render, Rendered } from '#database/commands.js';
import type { Done } from '#database/decision.js';
import type { Asked } from '#database/issue.js';
import type { Situation } from '#domain/act.js';
import { isCivilDate } from '#domain/instant.js';
import type { EvidenceRef } from '#domain/machine.js';
import { Answer, tagOf } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { actionsOf, addressOf, awaitingOf, represent } from './represent.js';

/** A version that nothing has: what a caller without If-Match is taken to have read. */
const NEVER = 0;

/** The command in a request: its input without what any command may carry, and that beside it. */
export function commandIn(
  { params, body }: Sent,
  command: CommandRef,
  caller: Caller,
): Omit<Asked, 'evidence'> {
  const {
    effectiveOn,
    reason,
    evidence: _e,
    acknowledge,
    signedBy,
    ...rest
  }: Readonly<Record<string, unknown>> = { ...body };
  const { under, input } = parted(rest, command);
  const makes = params['id'] === undefined;
  return {
    type: command.type,
    input,
    ...(makes ? {} : { stream: params['id'] ?? '', version: caller.version ?? NEVER }),
    ...(under === undefined ? {} : { under }),
    ...(typeof effectiveOn === 'string' && isCivilDate(effectiveOn) ? { effectiveOn } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(isAcknowledged(acknowledge) ? { acknowledge } : {}),
    ...(typeof signedBy === 'string' ? { signedBy } : {}),
  };
}

type Acknowledged = NonNullable<Asked['acknowledge']>;
const isAcknowledged = (value: unknown): value is Acknowledged => Array.isArray(value);

function parted(
  members: Readonly<Record<string, unknown>>,
  { under }: CommandRef,
): { under?: string; input: object } {
  const named = under === undefined ? undefined : members[under];
  if (under === undefined || typeof named !== 'string') return { input: members };
  return {
    under: named,
    input: Object.fromEntries(Object.entries(members).filter(([name]) => name !== under)),
  };
}

/** The ids of evidence that a body names. */
export function evidenceIn({ body }: Sent): readonly string[] {
  const ids: unknown = 'evidence' in body ? body.evidence : undefined;
  return Array.isArray(ids) ? ids.map(String) : [];
}

export type Execution = Omit<Asked, 'evidence'> & { readonly evidence: readonly EvidenceRef[] };

/** Issues a command and turns what came of it into an answer or a problem. */
export async function execute(commands: Commands, asked: Execution, caller: Caller): Promise<Answer> {
  const { route, key = '', principal, organisation, auth, credential, fingerprint, dryRun, trace } = caller;
  const who = {
    principal,
    organisation,
    auth,
    credential,
    key,
    route: `${route.method} ${route.path}`,
    fingerprint,
    dryRun,
    trace,
  };
  return settle(await commands.execute(asked, who, render(dryRun)), asked, caller);
}

const render =
  (dryRun: boolean): Render =>
  (done) => ({
    status: done.made && !dryRun ? 201 : 200,
    text: JSON.stringify(answered(done, dryRun)),
  });

/** The thing as the command left it, with what was recorded, what was remarked, and what can be done next. */
export function answered({ thing, facts, entries, warnings, situation }: Done, dryRun: boolean): object {
  return {
    ...represent({ ...thing, sandbox: situation.sandbox, updatedAt: situation.now }),
    recorded: dryRun ? [] : entries,
    warnings,
    ...awaitingOf(thing.thing),
    ...(dryRun ? { wouldRecord: facts.map(({ fact }) => fact.type) } : {}),
    actions: actionsOf(situation, 'mine'),
  };
}

function settle(outcome: Outcome, asked: Execution, caller: Caller): Answer {
  switch (outcome.kind) {
    case 'done':
      return caller.dryRun ? unrecorded(outcome) : recorded(outcome);
    case 'replayed':
      return replayed(outcome);
    case 'refused':
      throw refused(outcome, asked, caller);
    case 'not-found':
      throw notFound();
    case 'unknown-principal':
      throw new Fault('credential-invalid', 'This key, or the account behind it, has ended.');
    case 'key-reused':
      throw new Fault('idempotency-key-reused', 'The first request with this key had another body.');
    case 'in-flight':
      throw new Fault('idempotency-key-in-flight', 'The first request with this key is still running.');
  }
}

type Refused = Extract<Outcome, { kind: 'refused' }>;

/** A caller who has not said which version was read, or has read an older one, learns that before anything about the rules. */
function refused({ refused: refusals, situation }: Refused, asked: Execution, caller: Caller): Fault {
  const changes =
    asked.stream !== undefined && situation !== undefined && asked.version !== situation.version;
  if (changes) return caller.version === undefined ? unsaid() : stale(situation, caller.version);
  const [first] = refusals;
  return new Fault(first?.code ?? 'wrong-state', first?.message ?? 'This is not possible now.', { refusals });
}

const unsaid = (): Fault =>
  new Fault('precondition-missing', 'Send the version that you have read in the header If-Match.');

function stale({ subject, version, sandbox, now }: Situation, read: number): Fault {
  const current = represent({ thing: subject, version, sandbox, updatedAt: subject.enteredAt ?? now });
  return new Fault('stale-version', `Version ${version} stands; you have read ${read}.`, { current });
}

const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** What would be has no tag, for nobody can have read it, and its key is not kept. */
const unrecorded = ({ status, text }: Rendered): Answer => new Answer(status, text);

const recorded = ({ done: { thing }, ...rendered }: Extract<Outcome, { kind: 'done' }>): Answer =>
  answer(rendered, {
    ...{ version: thing.version, self: addressOf(thing.thing) },
    more: { 'perennial-key-expires': new Date(Date.now() + KEPT_MS).toISOString() },
  });

/** A replayed answer has the same bytes, status and tag; one header says what it is. */
function replayed(rendered: Rendered): Answer {
  const thing: unknown = JSON.parse(rendered.text);
  const [version, self] = [memberOf(thing, 'version'), memberOf(memberOf(thing, 'links'), 'self')];
  return answer(rendered, { version, self, more: { 'idempotency-replayed': 'true' } });
}

interface Headed {
  readonly version: unknown;
  readonly self: unknown;
  readonly more: Readonly<Record<string, string>>;
}

const answer = ({ status, text }: Rendered, { version, self, more }: Headed): Answer =>
  new Answer(status, text, {
    ...(typeof version === 'number' ? { etag: tagOf(version, text) } : {}),
    ...(status === 201 && typeof self === 'string' ? { location: self } : {}),
    ...more,
  });

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;

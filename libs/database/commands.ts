import type { DataSource } from 'typeorm';
import { act, type Situation } from '#domain/act.js';
import type { Id } from '#domain/actor.js';
import type { Step } from '#domain/process/news.js';
import type { Refusal } from '#domain/refusal.js';
import { machineSource, type IdSource } from '#platform/ids.js';
import {
  traced,
  untraced,
  type Attributes,
  type Span,
  type Tracing,
  type Work as Piece,
} from '#platform/tracing.js';
import { readPeopleAsked, type AskedOf } from './people-asked.js';
import { lockAndRead, readOnly, writeAndCommit, type Locked, type Written } from './command-read.js';
import { Decision, outline, type Done } from './decision.js';
import { byEngine, byPerson, byProcess, lookAt, type Asked, type Caller, type Issue } from './issue.js';
import { retrying, rollback, withClient } from './transaction.js';

/** The answer as the caller gets it, and gets it again whenever the same key comes with the same body. */
export interface Rendered {
  readonly status: number;
  /** JSON. */
  readonly text: string;
}

export type Render = (done: Done) => Rendered;

export type Answer =
  | ({ readonly kind: 'done'; readonly done: Done } & Rendered)
  | ({ readonly kind: 'replayed' } & Rendered)
  | { readonly kind: 'refused'; readonly refused: readonly Refusal[]; readonly situation?: Situation }
  /** The thing does not exist, or is not the caller's to see: one answer for both. */
  | { readonly kind: 'not-found' }
  /** The credential, or the account that it names, has ended, or was never one. */
  | { readonly kind: 'unknown-principal' }
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'in-flight' };

export interface CommandOptions {
  readonly now: () => number;
  readonly random: IdSource['random'];
  /** The name under which this installation's logs are known. */
  readonly instance: string;
  readonly tracing: Tracing;
  /** Called after a commit of which a process is to be told, other than the one that took the step. */
  readonly committed: () => void;
}

const usual: CommandOptions = {
  ...machineSource,
  instance: 'perennial.localhost',
  tracing: untraced,
  committed: () => undefined,
};

/** The one way in which anything is recorded: read and locked, decided by the domain, written, in one transaction. */
export class Commands {
  private readonly options: CommandOptions;

  constructor(
    private readonly source: DataSource,
    options: Partial<CommandOptions> = {},
  ) {
    this.options = { ...usual, ...options };
  }

  /** A command of a person or of a key. What was answered to the same key and body before is answered again. */
  async execute(asked: Asked, caller: Caller, render: Render): Promise<Answer> {
    const issue = byPerson(asked, caller);
    return this.traced(issue, caller.trace, async (span) => {
      const answer = await this.transact<Answer>(issue, span, async (locked, prepare) => {
        if (locked.answer !== 'go') return { answer: settled(locked, caller) };
        const decision = await prepare(locked);
        if (!decision) return { answer: { kind: 'unknown-principal' } };
        const { situation } = decision;
        const outcome = act(issue.machine, decision.command, situation);
        if ('refused' in outcome) return { answer: { ...outcome, kind: 'refused', situation } };
        const done = decision.record(outcome);
        const rendered = render(done);
        const answer = { ...rendered, kind: 'done' as const, done };
        const rows = decision.rows(); // also of a dry run: what cannot be written is no answer
        return caller.dryRun === true ? { answer } : { answer, write: kept(rows, caller, rendered) };
      });
      span.note({ 'perennial.outcome': answer.kind, ...refusals(answer) });
      return answer;
    });
  }

  /** A step of a process, once for ever: a refusal is recorded too, and so is that nothing was to be done. */
  async step(process: Id, step: Step, trace?: string): Promise<'taken' | 'not-found'> {
    return this.take(byProcess(process, step), trace);
  }

  /** The same of a thing that no process lives. */
  async stepOf(subject: Id, step: Step): Promise<'taken' | 'not-found'> {
    return this.take(byEngine(subject, step));
  }

  private async take(issue: Issue, trace?: string): Promise<'taken' | 'not-found'> {
    return this.traced(issue, trace, (span) =>
      this.transact(issue, span, async (locked, prepare) => {
        span.note({ 'perennial.outcome': locked.answer });
        if (locked.answer === 'taken') return { answer: 'taken' };
        const decision = locked.answer === 'go' ? await prepare(locked) : undefined;
        if (!decision) return { answer: 'not-found' };
        const outcome = act(issue.machine, decision.command, decision.situation);
        decision.recordStep(outcome);
        span.note({ 'perennial.outcome': 'done', ...refusals(outcome) });
        return { answer: 'taken', write: { rows: decision.rows() } };
      }),
    );
  }

  /** What a caller could do now: the situation as a command would find it, read without locks. */
  async situation(
    stream: Id,
    caller: Pick<Caller, 'principal' | 'organisation'>,
  ): Promise<Situation | undefined> {
    const found = await withClient(this.source, (client) => readOnly(client, lookAt(stream, caller)));
    return outline(found, this.options);
  }

  /** Of whom a task is asked, and what stands against each of them. */
  async peopleAsked(task: Id): Promise<AskedOf | undefined> {
    return withClient(this.source, (client) => readPeopleAsked(client, task, this.options));
  }

  private async traced<T>(
    { asked }: Issue,
    within: string | undefined,
    work: (span: Span) => Promise<T>,
  ): Promise<T> {
    const span = this.options.tracing.begin(
      { name: `command ${asked.type}`, attributes: { 'perennial.command': asked.type } },
      { within },
    );
    return traced(span, work);
  }

  private async transact<T>(issue: Issue, span: Span, work: Work<T>): Promise<T> {
    const inDatabase = <R>(name: string, does: () => Promise<R>): Promise<R> =>
      traced(this.options.tracing.begin(inPostgres(name), { within: span.traceparent }), does);
    return withClient(this.source, (client) =>
      retrying(async () => {
        try {
          const locked = await inDatabase('lock and read', () => lockAndRead(client, issue.ask));
          const prepare = (go: Go) => Decision.prepare(issue, { ...go, client }, this.options);
          const { answer, write } = await work(locked, prepare);
          if (!write) {
            await rollback(client);
            return answer;
          }
          const told = await inDatabase('write and commit', () =>
            writeAndCommit(client, write, span.traceparent),
          );
          if (told.some((process) => process !== issue.ask.process)) this.options.committed();
          return answer;
        } catch (error) {
          await rollback(client, error);
          throw error;
        }
      }),
    );
  }
}

type Go = Extract<Locked, { answer: 'go' }>;

/** What is answered, and what is written and committed first; without it nothing is left behind. */
type Work<T> = (
  locked: Locked,
  prepare: (locked: Go) => Promise<Decision | undefined>,
) => Promise<{ readonly answer: T; readonly write?: Written }>;

/** What the key of the command says before anything is looked at. */
function settled(locked: Exclude<Locked, Go>, { fingerprint }: Caller): Answer {
  if (locked.answer === 'kept') {
    if (locked.fingerprint !== fingerprint) return { kind: 'key-reused' };
    return { kind: 'replayed', status: locked.status, text: locked.text };
  }
  if (locked.answer === 'signed-out') return { kind: 'unknown-principal' };
  return { kind: locked.answer === 'in-flight' ? 'in-flight' : 'not-found' };
}

function kept(
  rows: object,
  { principal, organisation, route, key, fingerprint }: Caller,
  { status, text }: Rendered,
): Written {
  return {
    rows: { ...rows, answer: { organisation, principal, route, key, fingerprint, status } },
    answer: text,
  };
}

/** The codes of the reasons against it: their sentences may have what people write. */
const refusals = (outcome: object & { readonly refused?: readonly Refusal[] }): Attributes =>
  outcome.refused ? { 'perennial.refusals': outcome.refused.map(({ code }) => code) } : {};

const inPostgres = (name: string): Piece => ({
  name,
  kind: 'client',
  attributes: { 'db.system.name': 'postgresql' },
});

import type { ClientBase, QueryResult } from 'pg';
import type { Id, Role } from '#domain/actor.js';
import type { Instant } from '#domain/instant.js';
import type { Thing } from '#domain/machine.js';

/** What a command asks of the database: whose turn it is, what it is about, and what its rules look at. */
export interface Ask {
  /** One command at a time holds it: a repeated one waits for the first. */
  readonly lock: string;
  /** How long it waits, as PostgreSQL writes it. */
  readonly patience: string;
  readonly organisation?: Id;
  readonly principal?: Id;
  readonly route?: string;
  readonly key?: string;
  /** The hash of a credential that must stand while the command is recorded. */
  readonly credential?: string | undefined;
  readonly process?: Id;
  readonly step?: string;
  readonly stream?: Id | undefined;
  readonly under?: Id | undefined;
  readonly makes: boolean;
  readonly looks: boolean;
  readonly kinds: readonly string[];
  readonly holders: readonly Role[];
  readonly series?: string;
  readonly address?: string;
}

/** A thing as its row holds it. */
export interface Row {
  readonly version: number;
  readonly visibility: 'both' | 'owner';
  readonly thing: Thing;
}

export interface SandboxRow {
  readonly id: Id;
  readonly zone: string;
  readonly now: Instant;
  readonly seed: string;
}

/** What `lock_command` answers: all is locked, and this stands; or the reason why there is nothing to decide. */
export type Locked =
  | {
      readonly answer: 'go';
      readonly organisation: Id;
      readonly number: number | null;
      readonly found: Found;
    }
  | { readonly answer: 'kept'; readonly fingerprint: string; readonly status: number; readonly text: string }
  | { readonly answer: 'in-flight' | 'taken' | 'not-found' | 'signed-out' };

/** Everything that a rule may look at. */
export interface Found {
  readonly subject: Row | null;
  readonly under: Row | null;
  readonly principal: Row | null;
  /** True when the thing lives on a sandbox's clock and the caller's organisation does not. */
  readonly visiting: boolean;
  readonly owner: Id;
  readonly things: readonly Row[];
  /** The accounts that have the address which was asked about. */
  readonly atAddress: readonly Id[];
  readonly sandbox: SandboxRow | null;
  /** What the first of two agreed to. */
  readonly agreed: string | null;
}

/** Begins the transaction, locks what the decision rests on, and reads it: one round trip. */
export async function lockAndRead(client: ClientBase, ask: Ask): Promise<Locked> {
  const results = await client.query(
    `begin; select perennial.lock_command(${literal(JSON.stringify(ask))}) as answer`,
  );
  return lockedOf(several(results)[1]);
}

/** Reads without locking, for a list of actions. */
export async function readOnly(client: ClientBase, ask: Ask): Promise<Found> {
  return foundOf(
    await client.query(`select perennial.read_command(${literal(JSON.stringify(ask))}) as answer`),
  );
}

/** The accounts of people, and what is recorded about them. */
export async function readPeople(client: ClientBase, people: readonly Id[]): Promise<readonly Row[]> {
  return rowsIn(await client.query('select perennial.read_people($1) as answer', [people]));
}

/** What a command leaves behind: rows in the shape of `write_command`, and the answer that is kept with them. */
export interface Written {
  readonly rows: object;
  readonly answer?: string;
}

/**
 * Writes all that the command leaves behind, with its trace where there is one, and commits: one round trip. Answers which processes
 * are to be told of it.
 */
export async function writeAndCommit(
  client: ClientBase,
  { rows, answer }: Written,
  traceparent: string | undefined,
): Promise<readonly Id[]> {
  const literals = [JSON.stringify(rows), ...(traceparent === undefined ? [] : [traceparent])].map(literal);
  const write = `perennial.${traceparent === undefined ? 'write_command' : 'write_traced'}`;
  const kept = answer === undefined ? [] : [`answer => ${literal(answer)}`];
  const results = await client.query(
    `select ${write}(${[...literals, ...kept].join(', ')}) as answer; commit`,
  );
  return idsIn(several(results)[0]);
}

/** As our connections read it, for which a backslash is one: doubling quotes is all, however long the text. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Several statements in one message have several results, which the types of the driver do not say. */
function several(results: QueryResult | readonly QueryResult[]): readonly QueryResult[] {
  return 'rows' in results ? [results] : results;
}

type Answered = QueryResult<{ answer: unknown }> | undefined;

/** The functions of the schema answer with one JSON value, in the shapes named above; here it comes back. */
const lockedOf = (result: Answered): Locked => result?.rows[0]?.answer as Locked;
const foundOf = (result: Answered): Found => result?.rows[0]?.answer as Found;
const idsIn = (result: Answered): readonly Id[] => result?.rows[0]?.answer as readonly Id[];
const rowsIn = (result: Answered): readonly Row[] => result?.rows[0]?.answer as readonly Row[];

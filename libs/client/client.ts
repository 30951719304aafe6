import { problemShape, type Problem } from '#contract/problem.js';
import type { Route } from '#contract/route.js';

/** What a call needs beside its route. */
export interface Asked<Body = unknown> {
  /** The parts of the address: `{ id: 'fnd_…' }`. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** Parts of an upload, `metadata` before `file`; in place of a body. */
  readonly parts?: FormData;
  /** The same for each retry of one act. (Idempotency-Key) */
  readonly key?: string;
  /** The version that was read. (If-Match) */
  readonly version?: number;
  /** Everything but the commit. */
  readonly dryRun?: boolean;
  /** For how many seconds the line may be held, for operations. */
  readonly waitS?: number;
}

/** The door said no. `problem` has the code, the rules and every reason. */
export class PerennialProblem extends Error {
  override readonly name = 'PerennialProblem';

  constructor(
    what: string,
    readonly problem: Problem,
  ) {
    super(`${what}: ${problem.code}: ${reasonsOf(problem).join(' ')}`);
  }
}

/** The door was not reached, or the line broke before the whole answer was there: nobody knows what became of the call. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Hears why a call is tried again. */
export type Tells = (because: PerennialProblem | NoAnswer) => void;

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** Calls the routes of the contract with one credential; answers are read by the schemas of their routes. */
export class Client {
  /**
   * @param patienceMs For how long a call that may be repeated is tried again while the door is away or asks to come back.
   * @param tells Is told once of each call that is tried again, and why.
   */
  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly patienceMs = 0,
    private readonly tells?: Tells,
  ) {}

  /** @throws PerennialProblem when the door says no, NoAnswer when it does not answer. */
  async call<Body, Answer>(route: Route<Body, Answer>, asked: Asked<Body> = {}): Promise<Answer> {
    const end = performance.now() + (isRepeatable(route, asked) ? this.patienceMs : 0);
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        return await this.once(route, asked);
      } catch (error) {
        if (performance.now() + pause > end || !mayPass(error)) throw error;
        if (pause === FIRST_PAUSE_MS) this.tells?.(error);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** The file behind a route whose answer is one, as it comes. @throws PerennialProblem, NoAnswer */
  async download(route: Route, asked: Asked = {}): Promise<ReadableStream<Uint8Array>> {
    const path = addressOf(route, asked);
    const what = `${route.method} ${path}`;
    const headers = { ...this.headersOf(asked), accept: '*/*' };
    const response = await this.answered(what, () => fetch(`${this.url}${path}`, { headers }));
    if (response.ok && response.body !== null) return response.body;
    throw this.problemIn(what, await this.answered(what, () => response.text()));
  }

  private async once<Body, Answer>(route: Route<Body, Answer>, asked: Asked<Body>): Promise<Answer> {
    const path = addressOf(route, asked);
    const what = `${route.method} ${path}`;
    const sent = { method: route.method, headers: this.headersOf(asked), ...contentOf(asked) };
    const { ok, text } = await this.answered(what, async () => {
      const response = await fetch(`${this.url}${path}`, sent);
      return { ok: response.ok, text: await response.text() };
    });
    if (!ok) throw this.problemIn(what, text);
    return route.answer.parse(text === '' ? undefined : JSON.parse(text));
  }

  private async answered<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new NoAnswer(`${what}: no answer from ${this.url}`, { cause });
    }
  }

  /** Something else may stand before the door, and answer in its own words. */
  private problemIn(what: string, text: string): PerennialProblem | NoAnswer {
    try {
      return new PerennialProblem(what, problemShape.parse(JSON.parse(text)));
    } catch (cause) {
      return new NoAnswer(`${what}: what answers at ${this.url} is not Perennial`, { cause });
    }
  }

  private headersOf({ body, key, version, dryRun, waitS }: Asked): Record<string, string> {
    return {
      accept: 'application/json',
      authorization: `Bearer ${this.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(version === undefined ? {} : { 'if-match': `"${String(version)}"` }),
      ...(dryRun === true ? { 'perennial-dry-run': 'true' } : {}),
      ...(waitS === undefined ? {} : { prefer: `wait=${String(waitS)}` }),
    };
  }
}

/** What has a key, and what records nothing, has no second effect. */
const isRepeatable = ({ method }: Pick<Route, 'method'>, { key }: Asked): boolean =>
  method === 'GET' || key !== undefined;

const mayPass = (error: unknown): error is PerennialProblem | NoAnswer =>
  error instanceof NoAnswer || (error instanceof PerennialProblem && error.problem.retryable);

const contentOf = ({ body, parts }: Asked): { readonly body?: string | FormData } => {
  if (parts !== undefined) return { body: parts };
  return body === undefined ? {} : { body: JSON.stringify(body) };
};

function addressOf({ path }: Pick<Route, 'path'>, { params = {}, query = {} }: Asked): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const words = new URLSearchParams(query).toString();
  return words === '' ? filled : `${filled}?${words}`;
}

function reasonsOf({ detail, refusals, errors }: Problem): readonly string[] {
  if (refusals.length > 0) return refusals.map(({ message }) => message);
  if (errors.length === 0) return [detail];
  return errors.map(({ pointer, parameter, detail: why }) => `${pointer ?? parameter ?? ''} ${why}`.trim());
}

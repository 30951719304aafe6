import { collections } from '#contract/routes/all.js';
import { sandboxes } from '#contract/routes/sandboxes.js';
import type { Problem } from '#contract/problem.js';
import type { Id } from '#domain/actor.js';
import { certification, type Certification } from './certification.js';
import { ApiDoor } from './door.js';
import type { Somebody } from './people.js';
import { look } from './traces.js';
import { SmallWorld } from './world.js';

/** A thing as a GET shows it. */
export interface Shown {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly updatedAt: string;
  readonly [member: string]: unknown;
}

/** One page of a list. */
export interface Listed {
  readonly data: readonly Shown[];
  readonly nextPageToken: string | null;
}

/** A whole certification and a stranger to it, and what is asked about their past. */
export class PastWorld {
  private constructor(
    readonly door: ApiDoor,
    readonly world: Certification,
    readonly small: SmallWorld,
    readonly stranger: Somebody,
  ) {}

  static async open(): Promise<PastWorld> {
    const door = await ApiDoor.open();
    const world = await certification(door);
    const small = await SmallWorld.make(door);
    return new PastWorld(
      door,
      world,
      small,
      await small.person('client', 'aims-manager', 'internal-auditor'),
    );
  }

  close(): Promise<void> {
    return this.door.close();
  }

  /** Somebody whom the script names. */
  who(name: string, { people, names } = this.world): Somebody {
    const found = people.find(({ id }) => id === names.find(name));
    if (!found) throw new Error(`nobody is called ${name}`);
    return found;
  }

  /** The address of what the script names. */
  addressOf(name: string): string {
    const id = this.world.names.id(name);
    const { name: collection } = collections.find(({ prefix }) => id.startsWith(`${prefix}_`)) ?? {};
    return `/v1/${collection ?? ''}/${id}`;
  }

  async read(path: string, by = this.who('ines')): Promise<Shown> {
    return (await this.answer(path, by)) as Shown;
  }

  async page(path: string, by = this.who('ines')): Promise<Listed> {
    return (await this.answer(path, by)) as Listed;
  }

  /** All rows of a list, page by page, and how many each page had. */
  async all(
    path: string,
    by = this.who('lena'),
  ): Promise<{ rows: readonly Shown[]; pages: readonly number[] }> {
    const [rows, pages]: [Shown[], number[]] = [[], []];
    for (let next: string | null = ''; next !== null;) {
      const page = await this.page(`${path}${next === '' ? '' : `&pageToken=${next}`}`, by);
      rows.push(...page.data);
      pages.push(page.data.length);
      next = page.nextPageToken;
    }
    return { rows, pages };
  }

  /** What the script names, as it was. */
  was(name: string, query: string, by = this.who('ines')): Promise<Shown> {
    return this.read(`${this.addressOf(name)}?${query}`, by);
  }

  problem(path: string, { token } = this.who('ines')): Promise<Problem> {
    return this.door.problem('GET', path, { token });
  }

  /** The code of the problem, or none when there is an answer. */
  async codeOf(path: string, { token } = this.who('ines')): Promise<string | undefined> {
    const { bytes } = await this.door.send('GET', path, { token });
    return (JSON.parse(bytes.toString()) as { code?: string }).code;
  }

  /** The sandbox in which the certification takes place. */
  async sandbox(): Promise<Id> {
    const text = 'select sandbox from perennial.sandbox_member where organisation = $1';
    const rows = await look<{ sandbox: Id }>(this.door, text, [this.who('ines').organisation]);
    return rows[0]?.sandbox ?? '';
  }

  /** What its clock shows. */
  async now(): Promise<string> {
    return (await this.door.as().call(sandboxes.get, { params: { id: await this.sandbox() } })).now;
  }

  private async answer(path: string, { token }: Somebody): Promise<unknown> {
    const { status, bytes } = await this.door.send('GET', path, { token });
    const answer: unknown = JSON.parse(bytes.toString());
    expect([status, answer]).toEqual([200, answer]);
    return answer;
  }
}

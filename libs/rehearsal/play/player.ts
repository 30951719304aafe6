import type { Id } from '#domain/actor.js';
import { machineWith } from '#domain/machines.js';
import type { Refusal } from '#domain/refusal.js';
import type { Answer, Deed, Door, Entry } from './door.js';
import { Story, type Told } from './story.js';
import { Names, NotMade } from './names.js';
import { held, type Unmet } from './expectation.js';
import type { Name, Script, ScriptAct } from './script.js';

/** Hears of everything as it happens. */
export type Listener = (told: Told, story: Story) => void;

/** What came of a script: everything that happened, what was refused, and what did not come as expected. */
export interface Performance {
  readonly story: Story;
  readonly names: Names;
  readonly refusals: readonly MetRefusal[];
  readonly unmet: readonly Unmet[];
}

/** A refusal that the script asked for and met. */
export interface MetRefusal {
  readonly act: ScriptAct;
  readonly refusal: Refusal;
}

/** Plays a script through a door, act by act on its days, and compares what came with what it expects. */
export async function play(
  script: Script,
  door: Door,
  listen: Listener = () => undefined,
): Promise<Performance> {
  const player = new Player(script, door, listen);
  await player.prepare();
  for (const [place, act] of script.acts.entries()) await player.perform(act, place);
  await player.finish();
  return player.performance();
}

class Player {
  private readonly names: Names;
  private readonly story: Story;
  private readonly refusals: MetRefusal[] = [];
  private readonly unmet: Unmet[] = [];
  private today: string;
  /** What was done last, until everybody has had their say about it. */
  private done: { readonly act: ScriptAct; readonly made: Id } | undefined;

  constructor(
    private readonly script: Script,
    private readonly door: Door,
    private readonly listen: Listener,
  ) {
    this.names = new Names(script.described);
    this.story = new Story(script, this.names);
    this.today = '';
  }

  /** The organisations and their people. */
  async prepare(): Promise<void> {
    const { name, starts, zone, seed, organisations, people } = this.script;
    const ids = await this.door.open({
      name,
      starts,
      zone,
      seed,
      organisations: Object.values(organisations),
    });
    Object.keys(organisations).forEach((one, place) => this.names.give(one, ids[place] ?? ''));
    for (const [who, { of, sameHumanAs, ...person }] of Object.entries(people)) {
      const known = sameHumanAs === undefined ? {} : { sameHumanAs: this.names.id(sameHumanAs) };
      const joining = {
        ...person,
        key: `join-${who}`,
        organisation: this.names.id(of),
        from: starts,
        ...known,
      };
      this.names.give(who, await this.door.join(joining));
    }
    await this.hear();
  }

  /** One act: what the one before led to is told, the clock moves to the day, and the act is done. */
  async perform(act: ScriptAct, place: number): Promise<void> {
    if (act.on !== this.today) await this.goOn(() => this.door.advance(act.on, 'office'));
    else if (this.done) await this.goOn(() => this.door.settle());
    this.today = act.on;
    try {
      await this.doIt(act, place);
    } catch (error) {
      if (!(error instanceof NotMade)) throw error;
      this.fail(act, `${error.message}, because an earlier act failed`);
    }
  }

  /** The days after the last act, and then the judgement. */
  async finish(): Promise<void> {
    await this.goOn(() => this.door.advance(this.script.ends, 'end'));
    this.unmet.push(...held(this.script.expected, this.story, this.names));
  }

  performance(): Performance {
    return { story: this.story, names: this.names, refusals: this.refusals, unmet: this.unmet };
  }

  private async doIt(act: ScriptAct, place: number): Promise<void> {
    if (act.does === 'recordEvidence') {
      await this.fileEvidence(act);
      return;
    }
    this.lateness(act);
    const answer = await this.door.act(this.deed(act, place));
    this.listen({ what: 'act', act, answer, place }, this.story);
    this.judge(act, answer);
    if ('thing' in answer) this.done = { act, made: answer.thing };
  }

  /** Until everybody waits again, perhaps on a later day: then it is known what the last act has opened. */
  private async goOn(wait: () => Promise<void>): Promise<void> {
    await wait();
    const heard = await this.hear();
    if (this.done) this.nameOpened(this.done.act, this.done.made, heard);
    this.done = undefined;
  }

  /** What an act opens on the side gets its names in the order in which it was opened; tasks have none. */
  private nameOpened({ makes, to, who }: ScriptAct, made: Id, heard: readonly Entry[]): void {
    const by = this.names.id(who);
    const names = to === undefined ? makes.slice(1) : makes;
    const opened = heard.filter(
      ({ kind, fact }) =>
        kind !== 'task' &&
        fact.opens !== undefined &&
        fact.version === 1 &&
        fact.actor.id === by &&
        fact.stream !== made,
    );
    names.forEach((name, place) => {
      const one = opened[place];
      if (one) this.names.give(name, one.fact.stream);
    });
  }

  private judge(act: ScriptAct, answer: Answer): void {
    if ('refused' in answer) {
      const met = answer.refused.find(({ code, rules }) => matches(act, code, rules));
      if (met) this.refusals.push({ act, refusal: met });
      else this.fail(act, `refused: ${answer.refused.map(inShort).join('; ')}`);
      return;
    }
    if (act.refused) this.fail(act, 'done');
    const [made] = act.makes;
    if (made !== undefined && act.to === undefined) this.names.give(made, answer.thing);
  }

  /** An act that is said to be late must come after the date of the obligation. */
  private lateness({ late, to, on, line, does, who }: ScriptAct): void {
    if (late === undefined || to === undefined) return;
    const due = this.story.owed(this.names.id(to)).find(({ key }) => key === late)?.due.date;
    if (due !== undefined && due < on) return;
    const found = due === undefined ? `${late} is not owed` : `due on ${due}`;
    this.unmet.push({ line, what: `${who}: ${does} on ${on}`, expected: `late for ${late}`, found });
  }

  private async fileEvidence(act: ScriptAct): Promise<void> {
    for (const name of act.evidence) {
      const evidence = this.script.evidence[name];
      if (!evidence) continue;
      const approvedBy =
        evidence.approvedBy === undefined ? {} : { approvedBy: this.names.id(evidence.approvedBy) };
      const id = await this.door.file({
        key: `file-${name}`,
        by: this.names.id(act.who),
        programme: this.names.id(act.to ?? ''),
        name,
        content: evidence.says,
        kind: evidence.kind,
        datedOn: evidence.datedOn,
        ...approvedBy,
      });
      this.names.give(name, id);
    }
    this.listen({ what: 'filed', act }, this.story);
    await this.hear();
  }

  private deed(act: ScriptAct, place: number): Deed {
    const number = String(place + 1).padStart(3, '0');
    const id = (name: Name): string => this.names.id(name);
    return {
      key: `act-${number}-${act.does}`,
      by: id(act.who),
      command: act.does,
      kind: machineWith(act.does, act.to === undefined ? undefined : id(act.to)).kind,
      ...(act.to === undefined ? {} : { target: id(act.to) }),
      ...(act.under === undefined ? {} : { under: id(act.under) }),
      input: this.names.resolve(act.with),
      evidence: act.evidence.map(id),
      ...(act.because === undefined ? {} : { reason: act.because }),
      ...(act.effectiveOn === undefined ? {} : { effectiveOn: act.effectiveOn }),
      ...(act.signedBy === undefined ? {} : { signedBy: act.signedBy }),
      acknowledge: act.acknowledge,
    };
  }

  private async hear(): Promise<readonly Entry[]> {
    const heard = await this.door.news();
    heard.forEach((entry) => {
      this.story.tell(entry).forEach((told) => this.listen(told, this.story));
    });
    return heard;
  }

  private fail(act: ScriptAct, found: string): void {
    const expected = act.refused
      ? `refused with ${inShort({ ...act.refused, rules: [act.refused.rule ?? ''] })}`
      : 'done';
    this.unmet.push({ line: act.line, what: `${act.who}: ${act.does} on ${act.on}`, expected, found });
  }
}

const matches = ({ refused }: ScriptAct, code: string, rules: readonly string[]): boolean =>
  refused !== undefined &&
  refused.code === code &&
  (refused.rule === undefined || rules.includes(refused.rule));

interface Reason {
  readonly code: string;
  readonly rules: readonly string[];
  readonly message?: string;
  readonly missing?: readonly string[];
}

function inShort({ code, rules, message = '', missing = [] }: Reason): string {
  const which = missing.length > 0 ? `missing: ${missing.join(', ')}` : '';
  return [code, rules.length > 0 ? `(${rules.join(', ')})` : '', message, which]
    .filter((part) => part !== '')
    .join(' ');
}

import { civilDateAt } from '#platform/zone.js';
import type { Answer } from '#rehearsal/play/door.js';
import type { Script, ScriptAct } from '#rehearsal/play/script.js';
import type { Reminder, Story, Told } from '#rehearsal/play/story.js';

/** How a line is marked, and how it is coloured on a terminal. */
const marks = { done: '•', refused: '✗', filed: '+', notice: '✉', moved: '→' } as const;
const colours = { done: '0', refused: '33', filed: '2', notice: '36', moved: '2' } as const;

type Mark = keyof typeof marks;

/** Draws what happens as lines of a timeline; calls things by their names in the script. */
export class Timeline {
  private day = '';

  constructor(
    private readonly script: Script,
    private readonly coloured: boolean,
  ) {}

  /** The line for something that happened. */
  line(told: Told, story: Story): string {
    switch (told.what) {
      case 'act':
        return this.act(told.act, told.answer);
      case 'filed':
        return this.draw(told.act.on, 'filed', `${this.who(told.act)}: ${told.act.evidence.join(', ')}`);
      case 'notice':
        return this.notice(told.notice, story);
      case 'moved': {
        const { fact } = told.entry;
        const moved =
          told.from === told.thing.stage ? fact.type : `${told.from} → ${told.thing.stage} (${fact.type})`;
        return this.draw(this.dayOf(fact.at), 'moved', `${story.callOf(fact.stream)}: ${moved}`);
      }
    }
  }

  private act(act: ScriptAct, answer: Answer): string {
    const done = `${this.who(act)}: ${act.does} ${act.to ?? act.makes.join(' ')}`.trim();
    if ('refused' in answer) {
      const why = answer.refused.map(
        ({ code, rules, message }) => `${code} (${rules.join(', ')}) ${message}`,
      );
      return this.draw(act.on, 'refused', `${done}: ${why.join(' ')}`);
    }
    const waits = answer.awaiting.length > 0 ? `, awaiting ${answer.awaiting.join(' or ')}` : '';
    const signed = act.signedBy === undefined ? '' : ` · signed by ${act.signedBy}`;
    const remarks = answer.warnings.map(({ code, rules }) => ` · ${code} (${rules.join(', ')})`);
    return this.draw(act.on, 'done', `${done} → ${answer.stage}${waits}${signed}${remarks.join('')}`);
  }

  private notice({ at, kind, about, obligation, rungs, to }: Reminder, story: Story): string {
    const what =
      kind === 'withdrawn' ? 'reminders withdrawn' : kind === 'late' ? 'late reminder' : 'reminder';
    const told = [
      `${story.callOf(about)}, ${obligation}`,
      rungs.join(', '),
      to.length > 0 ? `to ${to.join(', ')}` : '',
    ];
    return this.draw(this.dayOf(at), 'notice', `${what}: ${told.filter((part) => part !== '').join(' · ')}`);
  }

  private who({ who }: ScriptAct): string {
    const person = this.script.people[who];
    return person ? `${person.name} (${person.roles.join(', ')})` : who;
  }

  private dayOf(at: string): string {
    return civilDateAt(at, this.script.zone);
  }

  private draw(day: string, mark: Mark, text: string): string {
    const shown = day === this.day ? ' '.repeat(day.length) : day;
    this.day = day;
    const line = `${marks[mark]} ${text}`;
    return `  ${shown}  ${this.coloured ? `\u001b[${colours[mark]}m${line}\u001b[0m` : line}`;
  }
}

import type { Id } from '#domain/actor.js';
import { inWords } from '#domain/explanation.js';
import type { Thing } from '#domain/machine.js';
import { opens } from '#domain/process/routing.js';
import type { Unmet } from './expectation.js';
import type { Performance } from './player.js';
import type { FoundDate, Reminder, Story } from './story.js';

/** A date with the rule behind it, as a sentence. */
export interface DateInWords {
  readonly of: string;
  readonly what: string;
  readonly date: string;
  readonly kind: string;
  readonly rule: string;
  readonly because: string;
}

/** A refusal that was expected and met. */
export interface RefusalInWords {
  readonly on: string;
  readonly who: string;
  readonly command: string;
  readonly code: string;
  readonly rules: readonly string[];
  readonly message: string;
}

/** What came of a script, for people and for machines. */
export interface Summary {
  readonly name: string;
  readonly held: boolean;
  readonly facts: number;
  readonly things: Readonly<Record<string, number>>;
  readonly processes: Readonly<Record<string, number>>;
  readonly reminders: Readonly<Record<Reminder['kind'], number>>;
  readonly refusals: readonly RefusalInWords[];
  readonly dates: readonly DateInWords[];
  readonly certificate?: {
    readonly number: string;
    readonly stage: string;
    readonly expires?: string;
    readonly because?: string;
  };
  readonly unmet: readonly Unmet[];
}

/** Puts together what there is to tell when a script has been played. */
export function summaryOf({ story, refusals, unmet }: Performance): Summary {
  return {
    name: story.script.name,
    held: unmet.length === 0,
    facts: story.entries.length,
    things: counted([...story.things.values()].map(({ kind }) => kind)),
    processes: counted(story.entries.map(({ fact }) => opens[fact.type]).filter((one) => one !== undefined)),
    reminders: remindersOf(story),
    refusals: refusals.map(({ act, refusal }) => ({
      on: act.on,
      who: act.who,
      command: act.does,
      code: refusal.code,
      rules: refusal.rules,
      message: refusal.message,
    })),
    dates: story.dates.map((found) => dateInWords(found, story)),
    ...certificateOf(story),
    unmet,
  };
}

function counted(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of [...words].sort()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function remindersOf({ reminders }: Story): Summary['reminders'] {
  const count = (kind: Reminder['kind']): number => reminders.filter((one) => one.kind === kind).length;
  return { sent: count('sent'), late: count('late'), withdrawn: count('withdrawn') };
}

function dateInWords({ thing, member, date }: FoundDate, story: Story): DateInWords {
  return {
    of: story.callOf(thing),
    what: member,
    date: date.date,
    kind: date.kind,
    rule: date.rule,
    because: inWords(date),
  };
}

function certificateOf(story: Story): Pick<Summary, 'certificate'> {
  const certificate = [...story.things.values()].find(
    ({ kind, stage }) => kind === 'certificate' && stage !== 'draft',
  );
  if (!certificate) return {};
  return {
    certificate: {
      number: numberOf(certificate),
      stage: certificate.stage,
      ...expiryOf(certificate.id, story),
    },
  };
}

const numberOf = ({ number, id }: Thing): string => number ?? id;

function expiryOf(id: Id, story: Story) {
  const expiry = story.dates.find(({ thing, member }) => thing === id && /^expir/.test(member));
  return expiry ? { expires: expiry.date.date, because: inWords(expiry.date) } : {};
}

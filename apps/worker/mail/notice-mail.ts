import { collectionOf } from '#contract/routes/all.js';
import type { Role } from '#domain/actor.js';
import { mondayToFriday } from '#domain/calendar.js';
import type { Language } from '#domain/notice/reader.js';
import { escalations, rungs, type Rung } from '#domain/obligation.js';
import type { Owed } from '#database/reading/obligations.js';
import { dayIn, rolesIn, rungIn, thingIn, wordsIn } from './catalogue.js';
import type { About, Letter } from './letter.js';
import { formsOf, type MailBody, type MailForms } from './template.js';

/** What a mail is called and what it says. */
export interface Writing extends MailForms {
  readonly subject: string;
}

/** A notice of which something is still owed. */
export type Matter = Pick<Letter, 'notice' | 'about' | 'today'> & { readonly owed: Owed };

/** A subject is one line of the inbox, and no longer than one line of a mail. */
const LONGEST_SUBJECT = 78;

/** The mail of one notice: what happens if nothing is done, who is asked for what by when, what comes next, and where it stands. */
export function noticeMail(matter: Matter, language: Language, publicUrl: string): Writing {
  const words = wordsIn(language);
  const { notice, about } = matter;
  const body: MailBody = {
    language,
    lead: leadOf(matter, language),
    more: notice.late ? [lateWords(matter, language)] : [],
    lines: linesOf(matter, language),
    link: { words: words.open, href: addressOf(about, publicUrl) },
    below: [words.why, words.nothingIsDone],
  };
  return { subject: subjectOf(matter, language), ...formsOf(body) };
}

/** Where a thing stands for whoever is signed in. */
const addressOf = ({ kind, id }: About, publicUrl: string): string =>
  `${publicUrl}/v1/${collectionOf(kind)?.name ?? kind}/${id}`;

function subjectOf({ notice, about, owed }: Matter, language: Language): string {
  const words = wordsIn(language);
  const front = `[${about.number}] ${notice.late ? words.late : ''}`;
  const day = dayIn(language, owed.due.date);
  const room = LONGEST_SUBJECT - front.length - words.subject('', day).length;
  return front + words.subject(shortened(capital(words.owed[owed.what]), room), day);
}

const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

/** Whole words, as many as there is room for. */
function shortened(words: string, room: number): string {
  if (words.length <= room) return words;
  const cut = words.slice(0, Math.max(0, room - 1));
  const end = words.charAt(cut.length) === ' ' ? cut.length : cut.lastIndexOf(' ');
  return `${cut.slice(0, end > 0 ? end : cut.length).trimEnd()}…`;
}

function leadOf({ owed, today }: Matter, language: Language): string {
  const { before, passed, afterwards } = wordsIn(language);
  const { kind, date } = owed.due;
  const day = dayIn(language, date);
  if (date < today) return passed[kind](day);
  const told: readonly Role[] = owed.escalation === null ? [] : escalations[owed.escalation].due;
  return afterwards[owed.what]?.(day) ?? before[kind](day, rolesIn(language, told));
}

function lateWords({ notice: { rungs: names, missedOn }, today }: Matter, language: Language): string {
  const reminders = names.map((name) => rungIn(language, name)).join(', ');
  return wordsIn(language).lateSince(dayIn(language, missedOn ?? today), reminders);
}

function linesOf(matter: Matter, language: Language): MailBody['lines'] {
  const { notice, about, owed } = matter;
  const { label, kindOfDate, owed: called } = wordsIn(language);
  const next = nextOf(matter);
  return [
    [label.owed, called[owed.what]],
    [label.about, thingIn(language, about)],
    [label.by, `${dayIn(language, owed.due.date)} (${kindOfDate[owed.due.kind]})`],
    [label.asked, rolesIn(language, notice.to)],
    [label.rule, owed.due.rule],
    [label.reminder, rungIn(language, notice.rungs.at(-1) ?? '')],
    ...(next === undefined ? [] : [[label.next, nextWords(next, language)] as const]),
  ];
}

const nextWords = ({ name, on, to }: Rung, language: Language): string =>
  `${rungIn(language, name)}, ${dayIn(language, on)} (${rolesIn(language, to)})`;

/** The step of the ladder behind those of the notice whose day is to come. Of tasks no process reminds again. */
function nextOf({ notice, about, owed, today }: Matter): Rung | undefined {
  if (about.kind === 'task') return undefined;
  const { escalation, ...rest } = owed;
  const obligation = { ...rest, ...(escalation === null ? {} : { escalation }) };
  const ladder = [...rungs(obligation, mondayToFriday)];
  const reached = ladder.findIndex(({ name }) => name === notice.rungs.at(-1));
  return ladder.slice(reached + 1).find(({ on }) => on > today);
}

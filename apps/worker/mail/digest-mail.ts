import type { CivilDate } from '#domain/instant.js';
import type { Language } from '#domain/notice/reader.js';
import { dayIn, thingIn, wordsIn } from './catalogue.js';
import type { Matter, Writing } from './notice-mail.js';
import { formsOf } from './template.js';

/** What somebody is reminded of in one mail, the earliest first. */
export function digestMail(
  matters: readonly Matter[],
  day: CivilDate,
  language: Language,
  publicUrl: string,
): Writing {
  const { digest, nothingIsDone, kindOfDate, owed: called, subject } = wordsIn(language);
  const sorted = matters.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const forms = formsOf({
    language,
    lead: digest.lead(matters.length),
    more: [],
    lines: sorted.map(({ about, owed: { what, due } }) => [
      thingIn(language, about),
      `${subject(called[what], dayIn(language, due.date))} (${kindOfDate[due.kind]}), ${due.rule}`,
    ]),
    link: { words: digest.open, href: `${publicUrl}/v1/inbox` },
    below: [digest.why, nothingIsDone],
  });
  return { subject: digest.subject(matters.length, dayIn(language, day)), ...forms };
}

const placeOf = ({ owed, notice }: Matter): string => `${owed.due.date} ${notice.id}`;

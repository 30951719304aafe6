import { languageOf } from '#domain/notice/reader.js';
import type { Outgoing } from '#database/password-links.js';
import { wordsIn } from './catalogue.js';
import type { Writing } from './notice-mail.js';
import { formsOf } from './template.js';

/** A link on its way to somebody: the address that opens it, for their eyes alone. */
export interface LinkMail extends Omit<Outgoing, 'link'> {
  readonly address: string;
}

/** The mail in which a link to set a password stands. */
export function linkMail(link: Pick<LinkMail, 'purpose' | 'organisation' | 'address' | 'language'>): Writing {
  const language = languageOf(link);
  const { invitation, reset, set, alone } = wordsIn(language).link;
  const { subject, why, life } =
    link.purpose === 'invitation' ? invitation(oneLine(link.organisation)) : reset;
  const forms = formsOf({
    ...{ language, lead: why, more: [], lines: [], link: { words: set, href: link.address } },
    below: [alone(life)],
  });
  return { subject, ...forms };
}

const LONGEST_NAME = 80;

/** Whoever names an organisation writes no mail: a name is short, and on one line. */
const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_NAME);

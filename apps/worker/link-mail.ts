import type { Outgoing } from '#database/password-links.js';

/** A link on its way to somebody: the address that opens it, for their eyes alone. */
export interface LinkMail extends Omit<Outgoing, 'link'> {
  readonly address: string;
}

/** Subject and text of the mail in which a link stands. */
export function linkWords({
  purpose,
  organisation,
  address,
}: Pick<LinkMail, 'purpose' | 'organisation' | 'address'>): {
  readonly subject: string;
  readonly text: string;
} {
  const [subject, why, life] =
    purpose === 'invitation'
      ? [
          `${oneLine(organisation)}: your account in Perennial`,
          `${oneLine(organisation)} has made an account in Perennial for you.`,
          'seven days',
        ]
      : [
          'A new password for Perennial',
          'Somebody, most likely you, asked for a new password for this address.',
          'an hour',
        ];
  const text = [
    why,
    '',
    'Set your password here:',
    address,
    '',
    `The link is for you alone, works once, and for ${life}. If you expect no such mail, leave it: nothing changes.`,
  ].join('\n');
  return { subject, text };
}

const LONGEST_NAME = 80;

/** Whoever names an organisation writes no mail: a name is short, and on one line. */
const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_NAME);

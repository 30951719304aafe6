import type { Language } from '#domain/notice/reader.js';

/** What a mail says, before it has a form. Nothing in it is markup. */
export interface MailBody {
  readonly language: Language;
  /** First what happens if nothing is done, then the rest, paragraph by paragraph. */
  readonly lead: string;
  readonly more: readonly string[];
  /** Names and what they are, line by line. */
  readonly lines: readonly (readonly [label: string, value: string])[];
  readonly link: { readonly words: string; readonly href: string };
  /** What stands below the link. */
  readonly below: readonly string[];
}

/** The two forms of a mail, which say the same. */
export interface MailForms {
  readonly text: string;
  readonly html: string;
}

/** A mail as text and as HTML: a table that every mail program lays out, no image, nothing that is loaded, no colour of its own. */
export const formsOf = (body: MailBody): MailForms => ({ text: textOf(body), html: htmlOf(body) });

function textOf({ lead, more, lines, link, below }: MailBody): string {
  const blocks = [
    [lead],
    ...more.map((one) => [one]),
    lines.map(([label, value]) => `${label}: ${value}`),
    [`${link.words}:`, link.href],
    ...below.map((one) => [one]),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

const FONT = 'font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:24px';
const row = (content: string): string => `<tr><td style="padding:0 0 16px 0;${FONT}">${content}</td></tr>`;

function htmlOf({ language, lead, more, lines, link, below }: MailBody): string {
  const facts = lines.map(
    ([label, value]) =>
      `<tr><td style="padding:0 16px 4px 0;vertical-align:top;${FONT}">${escaped(label)}</td>` +
      `<td style="padding:0 0 4px 0;vertical-align:top;${FONT}">${escaped(value)}</td></tr>`,
  );
  const rows = [
    row(`<strong>${escaped(lead)}</strong>`),
    ...more.map((one) => row(escaped(one))),
    ...(facts.length > 0
      ? [
          row(
            `<table role="presentation" cellpadding="0" cellspacing="0" border="0">${facts.join('\n')}</table>`,
          ),
        ]
      : []),
    row(`<a href="${escaped(link.href)}">${escaped(link.words)}</a>`),
    ...below.map((one) => row(escaped(one))),
  ];
  return [
    '<!doctype html>',
    `<html lang="${language}">`,
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark"><title>Perennial</title></head>',
    '<body style="margin:0;padding:16px">',
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px">',
    ...rows,
    '</table>',
    '</body></html>',
    '',
  ].join('\n');
}

const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (words: string): string => words.replaceAll(/[&<>"']/g, (sign) => MARKUP[sign] ?? '');

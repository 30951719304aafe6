import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { civilDate } from '#domain/instant.js';
import { noticeMachine, type Notice } from '#domain/notice/notice.js';
import { languages, type Language } from '#domain/notice/reader.js';
import type { Owed } from '#database/reading/obligations.js';
import { MailServer, type Mail } from '../../../test/support/smtp.js';
import { digestMail } from './digest-mail.js';
import { noticeMail, type Matter, type Writing } from './notice-mail.js';
import { Post } from './post.js';

// Every mail in every language, as it comes out of a real mail server, is kept in `golden`, and read again by an independent parser.
// WRITE_MAILS=yes writes them anew.

const PLACE = 'https://perennial.example';
const today = civilDate('2029-03-01');
let server: MailServer;
let post: Post;

beforeAll(async () => {
  server = await MailServer.open();
  post = new Post({ mailUrl: server.url, mailFrom: 'perennial@example.org', instance: 'perennial' });
});

afterAll(async () => {
  post.close();
  await server.down();
});

const notice = (more: Partial<Notice>): Notice => ({
  ...noticeMachine.initial('ntc_01k9zq4v8e7m3x5t2c6b0n1r9s'),
  ...{ obligation: 'plan-1', rungs: ['14-days-before'], to: ['process-owner', 'aims-manager'], ...more },
});

const plan = (more: Partial<Owed> = {}): Owed => ({
  ...{ stream: 'fnd_1', key: 'plan-1', what: 'plan for correction and corrective action' },
  due: { date: civilDate('2029-03-15'), kind: 'soft', rule: 'R-FND-4', basis: [] },
  ...{ owedBy: ['process-owner', 'aims-manager'], ladder: 'L-MED', escalation: 'X-CLIENT' },
  ...{ kind: 'nonconformity', programme: 'prg_1', number: 'N-2029-0042', version: 3 },
  ...more,
});

const due = (date: string, kind: 'hard' | 'soft', rule: Owed['due']['rule']): Owed['due'] => ({
  ...{ date: civilDate(date), kind, rule, basis: [] },
});

const matter = (more: Partial<Matter> = {}): Matter => ({
  notice: notice({}),
  about: { id: 'fnd_1', number: 'N-2029-0042', kind: 'nonconformity', thread: 'prg_1' },
  owed: plan(),
  today,
  ...more,
});

const limit = matter({
  notice: notice({ rungs: ['1-days-before'], to: ['aims-manager', 'lead-auditor', 'programme-manager'] }),
  owed: plan({
    ...{ what: 'verification of a major within six months of Stage 2', ladder: 'L-LONG', escalation: 'X-CB' },
    due: due('2029-03-02', 'hard', 'R-DEC-4'),
  }),
});
const overdue = matter({
  notice: notice({ rungs: ['7-days-overdue'], to: ['process-owner', 'aims-manager', 'top-management'] }),
  owed: plan({ due: due('2029-02-22', 'soft', 'R-FND-4') }),
});
const late = matter({
  notice: notice({
    rungs: ['30-days-before', '14-days-before'],
    late: true,
    missedOn: civilDate('2029-02-13'),
  }),
});
const audit = matter({
  notice: notice({ rungs: ['180-days-before'], to: ['aims-manager', 'programme-manager'] }),
  about: { id: 'rec_1', number: 'rec_1', kind: 'recertification', thread: 'prg_1' },
  owed: plan({
    ...{ what: 'recertification audit', ladder: 'L-LONG' },
    due: due('2029-08-28', 'hard', 'R-REC-1'),
  }),
});

const writings: Readonly<Record<string, (language: Language) => Writing>> = {
  reminder: (language) => noticeMail(matter(), language, PLACE),
  'last-before-hard-date': (language) => noticeMail(limit, language, PLACE),
  overdue: (language) => noticeMail(overdue, language, PLACE),
  late: (language) => noticeMail(late, language, PLACE),
  digest: (language) => digestMail([audit, matter(), overdue], today, language, PLACE),
};

const cases = languages.flatMap((language) => Object.keys(writings).map((name) => ({ name, language })));

/** What differs from one time to the next, the day of sending and the seam of the forms, is written the same. */
const settled = ({ bytes }: Mail): string =>
  bytes
    .replaceAll('\r\n', '\n')
    .replace(/^Date: .*$/m, 'Date: Thu, 01 Mar 2029 09:00:00 +0000')
    .replaceAll(/--_NmP-[\w-]+/g, '--seam');

function expectGolden(name: string, mail: Mail): void {
  const file = `apps/worker/mail/golden/${name}.eml`;
  if (process.env['WRITE_MAILS'] === 'yes') writeFileSync(file, settled(mail));
  expect(settled(mail)).toBe(readFileSync(file, 'utf8'));
}

/** What stands in HTML, as text. */
const wordsOf = (html: string): string =>
  html
    .replaceAll(/<head>.*?<\/head>/gs, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();

const newest = (): Mail => {
  const mail = server.mails.at(-1);
  if (!mail) throw new Error('no mail came');
  return mail;
};

async function sent(name: string, language: Language): Promise<Mail> {
  const writing = writings[name]?.(language);
  if (!writing) throw new Error(`no mail is called ${name}`);
  const settings = name === 'digest' ? { settings: `${PLACE}/v1/people/per_1` } : { thread: 'prg_1' };
  await post.send({
    to: ['dana@example.org', 'ana@example.org'],
    id: `ntc_1.${language}`,
    language,
    writing,
    ...settings,
  });
  return newest();
}

test.each(cases)(
  '$name in $language is what it was, and both its forms say the same',
  async ({ name, language }) => {
    const mail = await sent(name, language);
    expectGolden(`${name}.${language}`, mail);
    const lines = mail.text.split('\n').filter((line) => line !== '' && !line.startsWith('https://'));
    const html = wordsOf(mail.html);
    for (const line of lines)
      for (const part of name === 'digest' ? [line] : line.split(': '))
        expect(html.replaceAll(' ', '')).toContain(
          part.replaceAll(/:$/g, '').replaceAll(': ', '').replaceAll(' ', ''),
        );
    expect(mail.html).toContain(`<html lang="${language}">`);
    expect(mail.html).not.toMatch(
      /<img|<script|<style|background|src=|url\(|https?:\/\/(?!perennial\.example)/i,
    );
    expect(mail.html.match(/<a /g)).toHaveLength(1);
    expect(mail.headers.get('content-language')).toEqual([language]);
    expect(mail.headers.get('auto-submitted')).toEqual(['auto-generated']);
    expect(mail.headers.get('message-id')).toEqual([`<ntc_1.${language}@perennial>`]);
    expect(mail.headers.get('references')).toEqual(name === 'digest' ? undefined : ['<prg_1@perennial>']);
    expect(mail.headers.has('list-unsubscribe')).toBe(name === 'digest');
    expect(mail.bytes).not.toMatch(/dana|ana@/);
    expect(mail.recipients).toEqual(['dana@example.org', 'ana@example.org']);
  },
);

test.each(languages)(
  'a link to set a password is in %s what it was, and stands in both forms',
  async (language) => {
    const address = `${PLACE}/set-password#prn_link_0123456789`;
    for (const purpose of ['invitation', 'reset'] as const) {
      const link = {
        id: '1',
        purpose,
        mail: 'ines@example.org',
        organisation: 'Aurora & <Sons>\nLtd',
        language,
        address,
      };
      expect(await post.sendLink(link)).toBeUndefined();
      expectGolden(`${purpose}.${language}`, newest());
      const { text, html, subject, headers } = newest();
      expect(text).toContain(address);
      expect(html).toContain(`href="${address}"`);
      expect(html).not.toContain('<Sons>');
      expect(subject).not.toContain('\n');
      expect(headers.get('content-language')).toEqual([language]);
    }
  },
);

test.each(languages)(
  'a subject is never longer than a line, whatever is owed, and names number and day, in %s',
  async (language) => {
    const { owedWords } = await import('#domain/owed-words.js');
    for (const what of owedWords)
      for (const number of ['N-2029-0042', 'crt_01k9zq4v8e7m3x5t2c6b0n1r9s'])
        for (const isLate of [false, true]) {
          const one = matter({
            notice: notice({ late: isLate }),
            about: { id: 'x', number, kind: 'audit', thread: 'x' },
            owed: plan({ what, due: due('2029-09-30', 'hard', 'R-REC-1') }),
          });
          const { subject } = noticeMail(one, language, PLACE);
          expect(subject.length).toBeLessThanOrEqual(78);
          expect(subject).toMatch(
            language === 'en'
              ? /^\[[\w-]+\] \p{L}.+ by 30 September 2029$/u
              : /^\[[\w-]+\] \p{L}.+ bis 30\. September 2029$/u,
          );
        }
  },
);

test('the first line says what happens if nothing is done, and what cannot be mended afterwards', () => {
  const first = (one: Matter): string => noticeMail(one, 'en', PLACE).text.split('\n')[0] ?? '';
  expect(first(matter())).toBe(
    'If nothing is done by 15 March 2029, it is overdue, and that day these are told: process owner, AIMS manager.',
  );
  expect(first(limit)).toBe(
    'After 2 March 2029 Stage 2 has to be repeated before a certificate can be granted.',
  );
  expect(first(overdue)).toBe('This was owed by 22 February 2029 and is overdue.');
  expect(first(audit)).toBe('After 28 August 2029 it is too late: this is a hard date, without grace.');
});

test('a mail says which reminder it is, and which is the next', () => {
  const { text } = noticeMail(matter(), 'en', PLACE);
  expect(text).toContain('Reminder: 14 days before\n');
  expect(text).toContain('Next reminder: 7 days before, 8 March 2029 (process owner, AIMS manager)');
  const last = noticeMail(matter({ today: civilDate('2031-01-01') }), 'en', PLACE);
  expect(last.text).not.toContain('Next reminder');
});

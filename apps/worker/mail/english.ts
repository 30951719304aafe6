import { owedWords, type OwedWords } from '#domain/owed-words.js';
import type { RungParts, Words } from './words.js';

const days = ({ n, unit }: RungParts): string =>
  `${n} ${unit === 'days' ? '' : 'business '}${n === 1 ? 'day' : 'days'}`;

const asTheyAre = (): Readonly<Record<OwedWords, string>> => {
  const pairs = owedWords.map((words) => [words, words] as const);
  return Object.fromEntries(pairs) as Readonly<Record<OwedWords, string>>;
};

/** What mails say in English. */
export const english: Words = {
  owed: asTheyAre(),
  afterwards: {
    'signature of the agreement while the proposal is valid': (day) =>
      `After ${day} the proposal is no longer valid.`,
    'acceptance of the team, or an objection': (day) => `After ${day} no objection to the team is taken.`,
    'a new declaration of conflicts of interest': (day) => `After ${day} the declaration no longer counts.`,
    'Stage 2 on this result of Stage 1': (day) =>
      `After ${day} Stage 2 can no longer rest on this result of Stage 1.`,
    'verification of a major within six months of Stage 2': (day) =>
      `After ${day} Stage 2 has to be repeated before a certificate can be granted.`,
    'verification of a major before the certificate expires': (day) =>
      `The certificate expires after ${day}, and is not renewed while a major is open.`,
    'decision before the certificate expires': (day) => `After ${day} the certificate is no longer valid.`,
    'restoration after expiry': (day) => `After ${day} the certificate can no longer be restored.`,
    'surveillance audit': (day) =>
      `After ${day} the surveillance counts as missed, and what follows for the certificate has to be decided.`,
  },
  role: {
    'top-management': 'top management',
    'aims-manager': 'AIMS manager',
    'process-owner': 'process owner',
    'ai-system-owner': 'AI system owner',
    'internal-auditor': 'internal auditor',
    employee: 'employee',
    'programme-manager': 'programme manager',
    'lead-auditor': 'lead auditor',
    auditor: 'auditor',
    'technical-expert': 'technical expert',
    'decision-maker': 'decision maker',
    'scheme-administrator': 'scheme administrator',
    signatory: 'signatory',
    'system-administrator': 'system administrator',
    observer: 'observer',
  },
  kind: {
    programme: 'certification programme',
    'readiness-step': 'readiness step',
    audit: 'audit',
    nonconformity: 'nonconformity',
    dossier: 'dossier',
    certificate: 'certificate',
    surveillance: 'surveillance',
    recertification: 'recertification',
    task: 'task',
  },
  onTheDay: 'on the day',
  rung: (parts) => `${days(parts)} ${parts.side}`,
  subject: (what, day) => `${what} by ${day}`,
  late: 'Late notice: ',
  before: {
    hard: (day) => `After ${day} it is too late: this is a hard date, without grace.`,
    soft: (day, told) =>
      told === ''
        ? `If nothing is done by ${day}, it is overdue.`
        : `If nothing is done by ${day}, it is overdue, and that day these are told: ${told}.`,
  },
  passed: {
    hard: (day) => `This was owed by ${day}, a hard date, which has passed.`,
    soft: (day) => `This was owed by ${day} and is overdue.`,
  },
  lateSince: (day, reminders) =>
    `This notice comes late. It stands for these reminders, of which the first was missed on ${day}: ${reminders}.`,
  label: {
    owed: 'Owed',
    about: 'For',
    by: 'By',
    asked: 'Asked',
    rule: 'Rule',
    reminder: 'Reminder',
    next: 'Next reminder',
  },
  kindOfDate: { hard: 'hard date', soft: 'soft date' },
  why: 'You get this because you hold one of the roles that are asked.',
  open: 'Open it in Perennial',
  nothingIsDone: 'Nothing is done by opening the link or by answering this mail.',
  digest: {
    subject: (count, day) => `Perennial: ${count} ${count === 1 ? 'reminder' : 'reminders'}, ${day}`,
    lead: (count) =>
      count === 1 ? 'One thing is owed.' : `${count} things are owed; the earliest stands first.`,
    why: 'You get this because you hold a role that is asked, and chose to get reminders together.',
    open: 'Open your tasks in Perennial',
  },
  link: {
    invitation: (organisation) => ({
      subject: `${organisation}: your account in Perennial`,
      why: `${organisation} has made an account in Perennial for you.`,
      life: 'seven days',
    }),
    reset: {
      subject: 'A new password for Perennial',
      why: 'Somebody, most likely you, asked for a new password for this address.',
      life: 'an hour',
    },
    set: 'Set your password here',
    alone: (life) =>
      `The link is for you alone, works once, and for ${life}. If you expect no such mail, leave it: nothing changes.`,
  },
};

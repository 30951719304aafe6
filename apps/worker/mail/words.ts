import type { Role } from '#domain/actor.js';
import type { OwedWords } from '#domain/owed-words.js';

/** The kinds of things that owe something by a date. */
export const owingKinds = [
  ...(['programme', 'readiness-step', 'audit', 'nonconformity', 'dossier'] as const),
  ...(['certificate', 'surveillance', 'recertification', 'task'] as const),
] as const;

export type Owing = (typeof owingKinds)[number];

/** A step of a ladder in its parts: so many days before the date or after it. */
export interface RungParts {
  readonly n: number;
  readonly unit: 'days' | 'business-days';
  readonly side: 'before' | 'overdue';
}

/** What stands in the mail by which somebody sets a password. */
export interface LinkWords {
  readonly subject: string;
  readonly why: string;
  readonly life: string;
}

/** Everything that mails say, in one language. Days come in the form of the language. */
export interface Words {
  readonly owed: Readonly<Record<OwedWords, string>>;
  /** What cannot be mended after the day, for what has words for it. */
  readonly afterwards: Readonly<Partial<Record<OwedWords, (day: string) => string>>>;
  readonly role: Readonly<Record<Role, string>>;
  readonly kind: Readonly<Record<Owing, string>>;
  readonly onTheDay: string;
  readonly rung: (parts: RungParts) => string;
  readonly subject: (what: string, day: string) => string;
  readonly late: string;
  readonly before: {
    readonly hard: (day: string) => string;
    readonly soft: (day: string, told: string) => string;
  };
  readonly passed: { readonly hard: (day: string) => string; readonly soft: (day: string) => string };
  readonly lateSince: (day: string, reminders: string) => string;
  readonly label: Readonly<Record<'owed' | 'about' | 'by' | 'asked' | 'rule' | 'reminder' | 'next', string>>;
  readonly kindOfDate: Readonly<Record<'hard' | 'soft', string>>;
  readonly why: string;
  readonly open: string;
  readonly nothingIsDone: string;
  readonly digest: {
    readonly subject: (count: number, day: string) => string;
    readonly lead: (count: number) => string;
    readonly why: string;
    readonly open: string;
  };
  readonly link: {
    readonly invitation: (organisation: string) => LinkWords;
    readonly reset: LinkWords;
    readonly set: string;
    readonly alone: (life: string) => string;
  };
}

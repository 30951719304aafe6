import type { Role } from '#domain/actor.js';
import type { CivilDate } from '#domain/instant.js';
import type { Language } from '#domain/notice/reader.js';
import { english } from './english.js';
import { german } from './german.js';
import { owingKinds, type Words } from './words.js';

const all: Readonly<Record<Language, Words>> = { en: english, de: german };

/** What mails say in a language. */
export const wordsIn = (language: Language): Words => all[language];

const locales: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

/** A day as people write it: 3 March 2029, 3. März 2029. */
export const dayIn = (language: Language, day: CivilDate): string =>
  new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

const RUNG = /^(\d+)-(days|business-days)-(before|overdue)$/;

/** A step of a ladder in words. */
export function rungIn(language: Language, rung: string): string {
  const [, n = '', unit, side] = RUNG.exec(rung) ?? [];
  const words = wordsIn(language);
  if (n === '') return words.onTheDay;
  return words.rung({
    n: Number(n),
    unit: unit === 'days' ? 'days' : 'business-days',
    side: side === 'before' ? 'before' : 'overdue',
  });
}

/** Roles, as a list. */
export const rolesIn = (language: Language, roles: readonly Role[]): string =>
  roles.map((role) => wordsIn(language).role[role]).join(', ');

/** A thing by its kind and its number for people. */
export function thingIn(language: Language, { kind, number }: { kind: string; number: string }): string {
  const known = owingKinds.find((one) => one === kind);
  return known === undefined ? number : `${wordsIn(language).kind[known]} ${number}`;
}

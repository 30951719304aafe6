import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { instant, type Instant } from '#domain/instant.js';
import type { RecordDelivery } from '#domain/notice/notice.js';
import { isUrgent, languages, type Language } from '#domain/notice/reader.js';
import type { DueCopies, LaterCopy, NoticeCopies, NoticeCopy } from '#database/notice-copies.js';
import { withClient } from '#database/transaction.js';
import type { Clock } from '#platform/clock.js';
import { digestMail } from './digest-mail.js';
import { laterFor } from './hours.js';
import { letterOf, type Letter, type Reader } from './letter.js';
import { noticeMail, type Matter } from './notice-mail.js';
import type { OutgoingMail, Post } from './post.js';

export interface DeliveryParts {
  readonly source: DataSource;
  readonly copies: NoticeCopies;
  readonly post: Post;
  readonly clock: Clock;
  /** Where people reach Perennial. */
  readonly publicUrl: string;
}

/** From here on an answer of a mail server is its last. (RFC 5321) */
const FOR_GOOD = 500;
/** When a mail is sent again to somebody for whom it was not taken. */
const AGAIN_MS = 10_000;

/**
 * Brings notices to those who are to have them. Whether one is of use still, and who is to have it, is asked when it goes out: nobody
 * is reminded of what is done, and nobody who has left is written to.
 */
export class Delivery {
  constructor(private readonly parts: DeliveryParts) {}

  /**
   * Sends a notice to all who get it now, in one mail for each language, and notes for the others when they get it. What went out to
   * some is noted at once, so that they do not get it again when the rest fails.
   */
  async deliver(id: Id): Promise<RecordDelivery> {
    const { copies, post } = this.parts;
    const letter = await this.letter(id);
    const known = await copies.of(id);
    if (letter.owed === undefined)
      return known.length === 0 ? { outdated: true } : outcome(known, letter.unreachable);
    const matter = { ...letter, owed: letter.owed };
    const missing = letter.readers.filter((reader) => known.every(({ person }) => person !== reader.id));
    if (!post.hasServer || (missing.length === 0 && known.length === 0))
      return { through: 'catcher', unreached: letter.unreachable };
    await this.write(matter, await this.putBack(matter, missing));
    return outcome(await copies.of(id), letter.unreachable);
  }

  /** Sends what has waited, in one mail: of its notices those that are of use still. Answers the code by which it is refused for good. */
  async deliverLater({ person, day, notices }: DueCopies): Promise<number | undefined> {
    const letters = await Promise.all(notices.map((id) => this.letter(id)));
    const wanted = letters.filter(({ readers }) => readers.some(({ id }) => id === person));
    const matters = wanted.flatMap((letter) =>
      letter.owed === undefined ? [] : [{ ...letter, owed: letter.owed }],
    );
    const [first] = matters;
    const reader = first?.readers.find(({ id }) => id === person);
    if (first === undefined || reader === undefined) return undefined;
    const { publicUrl, post } = this.parts;
    const mail =
      day === undefined
        ? this.mailOf(first, reader.language, [reader])
        : {
            ...{ to: [reader.address], id: `digest-${person}-${day}`, language: reader.language },
            writing: digestMail(matters, day, reader.language, publicUrl),
            settings: `${publicUrl}/v1/people/${person}`,
          };
    return (await post.send(mail)).get(reader.address);
  }

  private async letter(id: Id): Promise<Letter> {
    const { source, clock } = this.parts;
    return withClient(source, (client) => letterOf(client, id, clock.now));
  }

  /** Notes who gets it later; answers the others. */
  private async putBack(
    { notice, owed, zone }: Letter & Matter,
    readers: readonly Reader[],
  ): Promise<readonly Reader[]> {
    if (isUrgent(notice, owed.due.kind)) return readers;
    const now = this.now();
    const waiting = readers.flatMap((reader): LaterCopy[] => {
      const later = laterFor(reader, zone, now);
      return later === undefined ? [] : [{ person: reader.id, ...later }];
    });
    if (waiting.length > 0) await this.parts.copies.wait(notice.id, waiting);
    return readers.filter(({ id }) => waiting.every(({ person }) => person !== id));
  }

  /** One mail for each language. One that fails keeps the others from nobody. */
  private async write(matter: Letter & Matter, readers: readonly Reader[]): Promise<void> {
    const { post } = this.parts;
    const failures: unknown[] = [];
    for (const language of languages) {
      const group = readers.filter((reader) => reader.language === language);
      if (group.length === 0) continue;
      try {
        await this.note(matter, group, await post.send(this.mailOf(matter, language, group)));
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Notes who has it. To whom the mail server does not give it for now, it is sent again, and nobody else waits for that. */
  private async note(
    { notice }: Matter,
    group: readonly Reader[],
    refused: ReadonlyMap<string, number>,
  ): Promise<void> {
    const isForNow = ({ address }: Reader): boolean => (refused.get(address) ?? FOR_GOOD) < FOR_GOOD;
    const { copies } = this.parts;
    const dueAt = this.now(AGAIN_MS);
    const again = group.filter(isForNow).map(({ id }) => ({ person: id, dueAt }));
    if (again.length > 0) await copies.wait(notice.id, again);
    const out = group.filter((reader) => !isForNow(reader));
    await copies.wentOut(notice.id, out.map(copyOf(refused)), this.now());
  }

  private mailOf(matter: Matter, language: Language, group: readonly Reader[]): OutgoingMail {
    return {
      to: group.map(({ address }) => address),
      id: `${matter.notice.id}.${language}`,
      thread: matter.about.thread,
      language,
      writing: noticeMail(matter, language, this.parts.publicUrl),
    };
  }

  private now(later = 0): Instant {
    return instant(new Date(this.parts.clock.now() + later).toISOString());
  }
}

const copyOf =
  (refused: ReadonlyMap<string, number>) =>
  ({ id, address }: Reader): Omit<NoticeCopy, 'way'> => {
    const answer = refused.get(address);
    return { person: id, ...(answer === undefined ? {} : { answer }) };
  };

/** What came of a notice by its copies; refused for good when nobody has it or gets it. */
function outcome(copies: readonly NoticeCopy[], unreachable: readonly Id[]): RecordDelivery {
  const refused = copies.filter(({ way, answer }) => way === 'mail' && answer !== undefined);
  const [first] = refused;
  if (first?.answer !== undefined && refused.length === copies.length) return { answer: first.answer };
  const later = copies.filter(({ way }) => way !== 'mail').map(({ person }) => person);
  return {
    through: 'mail',
    unreached: [...unreachable, ...refused.map(({ person }) => person)],
    ...(later.length > 0 ? { later } : {}),
  };
}

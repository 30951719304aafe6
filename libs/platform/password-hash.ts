import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const MEMORY_KIB = 64 * 1024;
const PASSES = 3;
const LANES = 1;
const NONCE_BYTES = 16;
const TAG_BYTES = 32;
const FORM = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
const compute = promisify(argon2);

/** More wait than are worth waiting for. */
export class TooBusy extends Error {
  override readonly name = 'TooBusy';
}

/** Argon2id. Each computation takes 64 MiB and a sixth of a second: two at once, and a short line before them. */
export class PasswordHash {
  private under = 0;
  private readonly line: { readonly place: string; readonly go: () => void }[] = [];

  constructor(
    private readonly atOnce = 2,
    private readonly longestLine = 60,
    private readonly mostOfPlace = 20,
  ) {}

  /** The password as a PHC string. @throws TooBusy */
  async of(password: string, place: string): Promise<string> {
    const nonce = randomBytes(NONCE_BYTES);
    const asked = { nonce, memory: MEMORY_KIB, passes: PASSES, lanes: LANES };
    const tag = await this.inTurn(place, () => tagOf(password, asked));
    return `$argon2id$v=19$m=${String(MEMORY_KIB)},t=${String(PASSES)},p=${String(LANES)}$${plain(nonce)}$${plain(tag)}`;
  }

  /** True for the password behind a PHC string. Where there is none it takes as long, and is false. @throws TooBusy */
  async matches(password: string, phc: string | null, place: string): Promise<boolean> {
    const [, memory = MEMORY_KIB, passes = PASSES, lanes = LANES, salt, tag = ''] =
      FORM.exec(phc ?? '') ?? [];
    const nonce = salt === undefined ? Buffer.alloc(NONCE_BYTES) : Buffer.from(salt, 'base64');
    const asked = { nonce, memory: Number(memory), passes: Number(passes), lanes: Number(lanes) };
    const [given, wanted] = [
      await this.inTurn(place, () => tagOf(password, asked)),
      Buffer.from(tag, 'base64'),
    ];
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  }

  /** Nobody fills the line for all others. */
  private async inTurn<T>(place: string, work: () => Promise<T>): Promise<T> {
    const ofPlace = this.line.filter((one) => one.place === place).length;
    if (this.line.length >= this.longestLine || ofPlace >= this.mostOfPlace)
      throw new TooBusy('too many passwords at once');
    if (this.under >= this.atOnce) await new Promise<void>((go) => this.line.push({ place, go }));
    else this.under += 1;
    try {
      return await work();
    } finally {
      const next = this.line.shift();
      if (next === undefined) this.under -= 1;
      else next.go();
    }
  }
}

interface Parameters {
  readonly nonce: Buffer;
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

/** The same letters from any keyboard are the same bytes. (Unicode NFC) */
const tagOf = (password: string, { nonce, memory, passes, lanes }: Parameters): Promise<Buffer> =>
  compute('argon2id', {
    message: password.normalize('NFC'),
    ...{ nonce, memory, passes, parallelism: lanes, tagLength: TAG_BYTES },
  });

/** Base 64 as PHC writes it: without padding. */
const plain = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

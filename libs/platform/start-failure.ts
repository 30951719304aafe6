/** Exit codes as sysexits has them: 65 data, 69 unreachable, 70 internal, 73 cannot create, 77 no right, 78 configuration. */
export const startCodes = {
  E1001: 69,
  E1004: 69,
  E1005: 73,
  E1006: 70,
  E1008: 70,
  E1009: 69,
  E1010: 77,
  E1011: 77,
  E1012: 73,
  E1013: 78,
  E1019: 70,
  E1020: 78,
} as const;

export type StartCode = keyof typeof startCodes;

export interface StartFault {
  code: StartCode;
  /** What happened, in one sentence. */
  what: string;
  /** Why, as far as known; what to do, as lines to copy. */
  lines: readonly string[];
}

/** Something that a person must see to before Perennial can start: what, why, and the line that helps. */
export class StartFailure extends Error {
  readonly code: StartCode;
  readonly exit: number;
  readonly lines: readonly string[];

  constructor({ code, what, lines }: StartFault, cause?: unknown) {
    super(what, { cause });
    this.name = 'StartFailure';
    this.code = code;
    this.exit = startCodes[code];
    this.lines = lines;
  }

  /** As it is printed: the code in front, the page about it at the end. */
  text(): string {
    const lines = [...this.lines, `More about it: docs/errors/${this.code}.md`];
    return [`  ${this.code}  ${this.message}`, ...lines.map((line) => `         ${line}`)].join('\n');
  }
}

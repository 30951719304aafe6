import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, type Document } from 'yaml';

/** Where something stands in a file: the members and places that lead to it. */
export type Path = readonly PropertyKey[];

/** A mistake in a file: its line, what is wrong, and what would be right. */
export interface Mistake {
  readonly line: number;
  readonly where: string;
  readonly wrong: string;
}

/** A YAML file of which each part knows its line. */
export class Lines {
  private constructor(
    private readonly document: Document,
    private readonly counter: LineCounter,
  ) {}

  static read(text: string): Lines {
    const counter = new LineCounter();
    return new Lines(
      parseDocument(text, { lineCounter: counter, prettyErrors: false, merge: true }),
      counter,
    );
  }

  /** What is no YAML at all, or names the same member twice. */
  get mistakes(): readonly Mistake[] {
    return this.document.errors.map(({ pos, message }) => ({
      line: this.counter.linePos(pos[0]).line,
      where: 'file',
      wrong: message,
    }));
  }

  /** The file as plain values. */
  values(): unknown {
    return this.document.toJS();
  }

  /** The line of a member, or of the nearest part around it that is there. */
  of(path: Path): number {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const offset = this.offset(path.slice(0, depth));
      if (offset !== undefined) return this.counter.linePos(offset).line;
    }
    return 1;
  }

  private offset(path: Path): number | undefined {
    const [last, around] = [path.at(-1), path.slice(0, -1)];
    const parent = around.length === 0 ? this.document.contents : this.document.getIn([...around], true);
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === last);
      return pair && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
    }
    const node = this.document.getIn([...path], true);
    return isNode(node) ? node.range?.[0] : undefined;
  }
}

/** A path as people read it: `acts, 3, with.scope`. */
export function inWords(path: Path): string {
  const parts = path.map((part) => (typeof part === 'number' ? `${String(part + 1)}.` : String(part)));
  return parts.length === 0 ? 'file' : parts.join(' ');
}

/** The known word that looks most like an unknown one, for "did you mean". */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known.map((one) => ({ one, far: distance(word, one) })).sort((a, b) => a.far - b.far);
  return best && best.far <= Math.max(2, word.length / 3) ? best.one : undefined;
}

/** How many letters must change to make one word from the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const swap = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(swap, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

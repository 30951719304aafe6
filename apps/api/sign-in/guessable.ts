import { LONGEST_PASSWORD } from '#contract/routes/session.js';

/** Below this, of four, a program that tries the likely ones first would be through within days. */
const ENOUGH = 3;
/** So much must be left of a password without the words that are known of the person. */
const OWN_LETTERS = 8;

/** Tells how easily passwords are guessed. What they are compared with takes some memory, and is loaded with the first one. */
export class Guesses {
  private loaded: ReturnType<typeof load> | undefined;

  /** True for a common password, a pattern, or little more than what is known of the person. */
  async isGuessable(password: string, about: readonly (string | null)[]): Promise<boolean> {
    if (withoutKnown(password, about).length < OWN_LETTERS) return true;
    this.loaded ??= load();
    return (await this.loaded).check(password).score < ENOUGH;
  }
}

async function load() {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: LONGEST_PASSWORD });
}

function withoutKnown(password: string, about: readonly (string | null)[]): string {
  const words = about.flatMap((text) => (text ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u));
  const known = words.filter((word) => word.length > 2).toSorted((a, b) => b.length - a.length);
  const rest = known.reduce((text, word) => text.replaceAll(word, ''), password.toLowerCase());
  return rest.replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** What was typed is not right: every mistake at once, each with what would be right. */
export class Mistyped extends Error {
  override readonly name = 'Mistyped';

  constructor(readonly mistakes: readonly string[]) {
    super(mistakes.join('\n'));
  }
}

/** Conditions of a query with their values: each `?` takes the next value. */
export class Conditions {
  private readonly parts: string[] = [];

  /** Conditions of one query share their values. */
  constructor(readonly values: unknown[] = []) {}

  get text(): string {
    return this.parts.length > 0 ? this.parts.join(' and ') : 'true';
  }

  row(condition: string, ...values: readonly unknown[]): void {
    let taken = 0;
    const numbered = condition.replaceAll('?', () => {
      this.values.push(values[taken]);
      taken += 1;
      return `$${this.values.length}`;
    });
    this.parts.push(numbered);
  }

  /** A condition that is left out when nothing is asked. */
  maybe(condition: string, value: unknown): void {
    if (value !== undefined) this.row(condition, value);
  }
}

/** Both sides hold the same lines; of those that differ the first ones are shown. */
export function expectSame(one: readonly string[], other: readonly string[]): void {
  const beyond = (lines: readonly string[], known: ReadonlySet<string>): readonly string[] =>
    lines.filter((line) => !known.has(line)).slice(0, 3);
  expect(beyond(one, new Set(other))).toEqual(beyond(other, new Set(one)));
  expect(one.length).toBe(other.length);
}

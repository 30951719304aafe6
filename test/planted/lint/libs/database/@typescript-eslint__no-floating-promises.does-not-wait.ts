export function save(store: () => Promise<void>): void {
  store();
}

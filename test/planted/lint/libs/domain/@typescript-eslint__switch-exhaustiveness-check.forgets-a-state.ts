export function isOpen(state: 'raised' | 'closed'): boolean | undefined {
  switch (state) {
    case 'raised':
      return true;
  }
  return undefined;
}

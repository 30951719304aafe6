export const written = (n: number): string => new Intl.NumberFormat('en').format(n);

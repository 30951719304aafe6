export function decides(n: number): number {
  if (n === 1) return 10;
  if (n === 2) return 20;
  if (n === 3) return 30;
  if (n === 4) return 40;
  if (n === 5) return 50;
  if (n === 6) return 60;
  if (n === 7) return 70;
  if (n === 8) return 80;
  if (n === 9) return 90;
  if (n === 10) return 100;
  return n;
}

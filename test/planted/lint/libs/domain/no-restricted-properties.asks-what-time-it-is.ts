export const instant = (): number => Date.now();

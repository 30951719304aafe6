export const soon = (then: () => void): unknown => setTimeout(then, 1);

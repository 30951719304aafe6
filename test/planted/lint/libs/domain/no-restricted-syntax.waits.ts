export const decided = async (): Promise<number> => await Promise.resolve(1);

/* eslint-disable no-console */
export const again = (): void => console.log('again');

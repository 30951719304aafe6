import { readFileSync } from 'node:fs';
export const certificate = () => readFileSync('certificate');

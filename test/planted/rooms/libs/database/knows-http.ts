import { createServer } from 'node:http';
export const row = createServer;

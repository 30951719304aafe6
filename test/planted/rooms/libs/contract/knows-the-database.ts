import { row } from '../database/knows-http.js';
export const shape = row;

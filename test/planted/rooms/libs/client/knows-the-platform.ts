import { listens } from '../platform/knows-sql.js';
export const call = listens;

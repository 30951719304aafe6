import { stream } from '../entities/stream.entity.js';
export const store = stream;

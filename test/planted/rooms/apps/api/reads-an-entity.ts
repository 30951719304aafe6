import { stream } from '../../libs/database/entities/stream.entity.js';
export const page = stream;

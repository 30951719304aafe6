import { EntitySchema } from 'typeorm';
export const stream = EntitySchema;

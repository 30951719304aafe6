import { builder } from '../../test/builder.js';
export const built = builder;

// Temporal finds processes by these names. One line each.
import { correctiveAction as correctiveActionProcess } from './corrective-action.js';
import { onTemporal } from './temporal.js';

export const correctiveAction = onTemporal(correctiveActionProcess);

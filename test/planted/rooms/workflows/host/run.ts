import { condition } from '@temporalio/workflow';
export const run = condition;

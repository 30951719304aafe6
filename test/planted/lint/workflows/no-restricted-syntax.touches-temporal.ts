import { sleep } from '@temporalio/workflow';
export const rest = sleep;

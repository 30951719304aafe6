import { Client } from '@temporalio/client';
export const started = Client;

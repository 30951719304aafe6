import { Client } from 'pg';
export type Reader = Client;

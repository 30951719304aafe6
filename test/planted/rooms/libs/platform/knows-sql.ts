import pg from 'pg';
export const listens = pg;

import { run } from '../../workflows/host/run.js';
export const rehearseToo = run;

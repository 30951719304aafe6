import { startPostgres, startTemporal } from './servers.mjs';

export default async function start() {
  await startPostgres();
  await startTemporal();
}

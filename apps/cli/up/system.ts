import { existsSync } from 'node:fs';
import { makeFirstKey } from '#database/first-key.js';
import { addressOf, refuseOpenDoor, type Config } from '#platform/config.js';
import { holderOf, isFree } from '#platform/ports.js';
import { writeSecret } from '#platform/secrets.js';
import { StartFailure } from '#platform/start-failure.js';
import { say, step } from '../output.js';
import { endOrphans, keyFileOf, openDataFolder, runningIn, type DataFolder } from './data-folder.js';
import { keep, type Kept, type Keeping, type Part } from './keeper.js';
import { answers, startProgram, whenReady, type Program } from './programs.js';
import { bringUpToDate, findCli, postgresStarter, reachOwnTemporal, temporalStarter } from './servers.js';

/** The whole of Perennial on this machine, from database to API. */
export interface System {
  address: string;
  keyFile: string;
  temporalPages: string | undefined;
  isNew: boolean;
}

/** After an end nothing more is started: the program ends meanwhile. */
const never = (): Promise<never> => new Promise(() => undefined);

/** Where Perennial runs already in this data folder, if it does and answers. */
export async function runningSystem(config: Config): Promise<System | undefined> {
  const record = runningIn(config.dataFolder);
  const address = record?.address;
  if (address === undefined || !(await answers(`${address}/livez`))) return undefined;
  return { address, keyFile: keyFileOf(config), temporalPages: record?.temporalPages, isNew: false };
}

/** Starts the parts in their order, keeps them running, and stops them in the opposite order. */
export class Start {
  private readonly kept: Kept[] = [];
  /** The part that is being started. */
  private beginning: Promise<unknown> = Promise.resolve();
  private ending = false;
  private folder: DataFolder | undefined;
  private temporalPages: string | undefined;

  constructor(private readonly config: Config) {}

  async system(): Promise<System> {
    const { config } = this;
    refuseOpenDoor(config);
    const folder = openDataFolder(config.dataFolder);
    this.folder = folder;
    await this.refuseTakenPort();
    await endOrphans(config.dataFolder, folder.earlier);
    folder.note({});
    const { ownerUrl, appUrl } = await this.database(folder);
    await this.schema(ownerUrl);
    const temporalAddress = await this.workflowServer(folder);
    const settled = { ...config, databaseUrl: appUrl, temporalAddress };
    await this.program('worker', settled);
    await this.firstKey(ownerUrl);
    await this.program('api', settled);
    const address = addressOf(config);
    folder.note({ address, temporalAddress });
    return { address, keyFile: keyFileOf(config), temporalPages: this.temporalPages, isNew: folder.isNew };
  }

  /** Whether somebody has stopped it. */
  get isEnding(): boolean {
    return this.ending;
  }

  /** Whether there is anything to stop. */
  isEmpty(): boolean {
    return this.kept.length === 0;
  }

  /** A part that is being started is waited for, so that it is stopped too. */
  async stop(): Promise<void> {
    this.ending = true;
    await this.beginning.catch(() => undefined); // whoever starts it hears why it does not start
    for (let part = this.kept.at(-1); part !== undefined; part = this.kept.at(-1)) {
      await part.stop();
      this.kept.pop();
    }
    this.folder?.release();
    this.folder = undefined;
  }

  /** A second Ctrl+C: what was acknowledged is on the disk, and the next start recovers the rest. */
  killAtOnce(): void {
    for (const part of this.kept.splice(0)) part.killAtOnce();
    this.folder?.release();
    this.folder = undefined;
  }

  private async keep<T extends Part>(
    name: string,
    start: () => Promise<T>,
    started: (part: T) => void,
  ): Promise<void> {
    if (this.ending) return never();
    const keeping: Keeping<T> = { name, start, started, say };
    const begun = keep(keeping).then((part) => this.kept.push(part));
    this.beginning = begun;
    await begun;
  }

  private async refuseTakenPort(): Promise<void> {
    const { port, host } = this.config;
    if (port === 0 || (await isFree(port, host))) return;
    const holder = holderOf(port);
    throw new StartFailure({
      code: 'E1001',
      what: `Port ${String(port)} is in use${holder === undefined ? '' : ` by ${holder}`}, not by the Perennial of this folder.`,
      lines: [`Start on another port:   npm start -- --port ${String(port + 1)}`, 'Nothing was changed.'],
    });
  }

  private async database(folder: DataFolder): Promise<{ ownerUrl: string; appUrl: string }> {
    const { databaseUrl, databaseOwnerUrl = databaseUrl } = this.config;
    const shown = step(3, 'PostgreSQL 18');
    if (databaseUrl !== undefined && databaseOwnerUrl !== undefined) {
      shown.done(`${new URL(databaseUrl).host}, by DATABASE_URL`);
      return { ownerUrl: databaseOwnerUrl, appUrl: databaseUrl };
    }
    shown.progress('starting');
    let urls = { ownerUrl: '', appUrl: '' };
    await this.keep('PostgreSQL', postgresStarter(this.config, folder.earlier?.postgresPort), (server) => {
      urls = server;
      folder.note({ postgresPort: server.port, pids: { postgres: server.child.pid } });
    });
    shown.done(new URL(urls.appUrl).host);
    return urls;
  }

  private async schema(ownerUrl: string): Promise<void> {
    const shown = step(4, 'Schema');
    await bringUpToDate(ownerUrl);
    shown.done('up to date');
  }

  private async workflowServer(folder: DataFolder): Promise<string> {
    const shown = step(5, 'Workflow server');
    if (this.config.temporalAddress !== undefined) {
      const own = await reachOwnTemporal(this.config);
      shown.done(`${own}, by TEMPORAL_ADDRESS`);
      return own;
    }
    const { path, detail } = await findCli(this.config, shown);
    shown.progress('starting');
    let address = '';
    await this.keep(
      'Workflow server',
      temporalStarter(this.config, path, folder.earlier?.temporalPort),
      (server) => {
        ({ address, pages: this.temporalPages } = server);
        folder.note({ temporalPort: Number(address.split(':')[1]), pids: { temporal: server.child.pid } });
        if (server.pages !== undefined) folder.note({ temporalPages: server.pages });
      },
    );
    shown.done(`${address}, Temporal ${detail}`);
    return address;
  }

  private async program(program: Program, config: Config): Promise<void> {
    const title = program === 'api' ? 'API' : 'Worker';
    const shown = step(program === 'api' ? 7 : 6, title);
    let first: Part | undefined;
    await this.keep(
      title,
      () => startProgram(program, config),
      (part) => {
        first ??= part;
        this.folder?.note({ pids: { [program]: part.child.pid } });
      },
    );
    if (first === undefined) return;
    await whenReady(program, first, config);
    shown.done(program === 'api' ? addressOf(config) : config.duties.join(', '));
  }

  private async firstKey(ownerUrl: string): Promise<void> {
    const file = keyFileOf(this.config);
    if (existsSync(file)) return;
    const key = await makeFirstKey(ownerUrl);
    writeSecret(file, `PERENNIAL_URL=${addressOf(this.config)}\nPERENNIAL_KEY=${key}`);
  }
}

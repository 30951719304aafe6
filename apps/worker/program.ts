import { NativeConnection, type Worker } from '@temporalio/worker';
import type { DataSource } from 'typeorm';
import { Commands } from '#database/commands.js';
import { openDatabase } from '#database/data-source.js';
import { Fleet } from '#database/fleet.js';
import { NoticeCopies } from '#database/notice-copies.js';
import { Operations } from '#database/operations.js';
import { Outages } from '#database/outages.js';
import { PasswordLinks } from '#database/password-links.js';
import { Processes } from '#database/processes.js';
import { Routing } from '#database/routing.js';
import { Sandboxes } from '#database/sandboxes.js';
import { onWake, Waker } from '#database/wake.js';
import { Sequencer } from '#database/sequencer.js';
import { Traces } from '#database/traces.js';
import { Watches } from '#database/watches.js';
import { Webhooks } from '#database/webhooks.js';
import { Bell } from '#platform/bell.js';
import { machineClock, type Clock } from '#platform/clock.js';
import type { Duty } from '#platform/config.js';
import type { Log } from '#platform/log.js';
import { OutgoingCalls } from '#platform/outgoing-call.js';
import { pause } from '#platform/pause.js';
import { PublicAddresses } from '#platform/public-address.js';
import { queueOf, releaseOf, Runs } from '#platform/runs.js';
import { connectTemporal, type TemporalPlace } from '#platform/temporal-client.js';
import { untraced, type Tracing } from '#platform/tracing.js';
import { ledgerActivities, noticeActivities, watchActivities } from './activities/index.js';
import { startLaterMail } from './duties/later-mail.js';
import { startLinks, startTidying } from './duties/links.js';
import type { Loop } from './duties/loop.js';
import { beatFirst, startPulse } from './duties/pulse.js';
import { startRouting } from './duties/routing.js';
import { startRelay } from './duties/relay.js';
import { startTakingOver } from './duties/restart.js';
import { startSandboxClock } from './duties/sandbox-clock.js';
import { keepSchedule } from './duties/schedule.js';
import { startSequencing } from './duties/sequencing.js';
import { startAskedWatches } from './duties/watch.js';
import { startWebhooks } from './duties/webhooks.js';
import { Delivery } from './mail/delivery.js';
import { Post } from './mail/post.js';
import { mailWorker, processWorker } from './workers.js';

/** What a worker program is started with. */
export interface Setting {
  readonly databaseUrl: string;
  readonly temporal: TemporalPlace;
  readonly duties: readonly Duty[];
  /** The bundle of the processes; its digest names the release. */
  readonly code: string;
  readonly mailUrl: string | undefined;
  readonly mailFrom: string;
  /** Where people reach Perennial. */
  readonly publicUrl: string;
  readonly log: Log;
  /** Off, when it is not said. */
  readonly tracing?: Tracing;
  /** The machine's own, when it is not said. */
  readonly clock?: Clock;
}

const POOL = 20;
const INSTANCE = 'perennial';
const TRY_MS = 5_000;
const AGAIN_MS = 1_000;

/** The worker program: loops that need PostgreSQL alone start at once, those that need Temporal as soon as it is there. */
export class WorkerProgram {
  private readonly loops: Loop[] = [];
  private readonly workers: Worker[] = [];
  private readonly ends: (() => unknown)[] = [];
  private readonly release: string;
  private readonly work: Waker;
  private readonly rest: Waker;
  private readonly clock: Clock;
  private readonly outages: Outages;
  private readonly traces: Traces;
  private readonly post: Post;
  private readonly copies: NoticeCopies;
  private readonly delivery: Delivery;
  private runs: Promise<Runs> | undefined;
  private stopping = false;
  private temporal: Promise<void> | undefined;

  private constructor(
    private readonly setting: Setting,
    private readonly source: DataSource,
  ) {
    this.release = releaseOf(setting.code);
    this.work = new Waker(setting.databaseUrl, 'perennial_work');
    this.rest = new Waker(setting.databaseUrl, 'perennial_rest');
    this.clock = setting.clock ?? machineClock;
    this.outages = new Outages(source, this.clock);
    this.traces = new Traces(source, this.tracing);
    const { mailUrl, mailFrom, publicUrl } = setting;
    this.post = new Post({ mailUrl, mailFrom, instance: INSTANCE });
    const { post, clock } = this;
    this.copies = new NoticeCopies(source);
    this.delivery = new Delivery({ source, copies: this.copies, post, clock, publicUrl });
    this.ends.push(() => {
      this.post.close();
    });
    this.ends.push(() => Promise.all([this.work.close(), this.rest.close()]));
  }

  static async start(setting: Setting): Promise<WorkerProgram> {
    const program = new WorkerProgram(setting, await openDatabase(setting.databaseUrl, 'engine', POOL));
    program.startLoops();
    program.temporal = program.startWorkers();
    return program;
  }

  /** Resolves when every duty is at work, and the processes of older code have been taken over. */
  async atWork(): Promise<void> {
    await this.temporal;
  }

  /** Takes up nothing new, finishes the steps that were begun, and lets go of everything. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.loops.map((loop) => loop.stop()));
    for (const worker of this.workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    for (const end of this.ends.toReversed()) await end();
    await this.source.destroy();
  }

  private startLoops(): void {
    const { setting, source } = this;
    if (setting.duties.includes('notices')) {
      this.startMails();
      this.startCalls();
    }
    if (!setting.duties.includes('relay')) return;
    const [processes, log] = [this.processes(), setting.log];
    const runs = (): Promise<Runs> => this.temporalRuns();
    const relay = startRelay({ processes, traces: this.traces, runs, log });
    const [operations, sandboxes] = [new Operations(source), new Sandboxes(source)];
    const parked = new Bell();
    const clock = startSandboxClock({ operations, sandboxes, runs, parked, over: this.rested, log });
    this.loops.push(relay, clock, startSequencing(new Sequencer(source), log));
    this.loops.push(startTidying(new PasswordLinks(source), log), startTidying(this.traces, log));
    this.loops.push(startRouting({ routing: new Routing(source), commands: this.commands(), log }));
    this.ends.push(
      onWake(setting.databaseUrl, {
        perennial_work: () => {
          relay.wake();
          clock.wake();
        },
        perennial_rest: () => {
          parked.ring();
        },
      }),
    );
  }

  /** Without a mail server links wait: whoever runs the installation makes one by hand. Nothing else waits then. */
  private startMails(): void {
    const { copies, delivery, clock } = this;
    const { mailUrl, publicUrl, log } = this.setting;
    if (mailUrl === undefined) return;
    if (new URL(publicUrl).protocol === 'http:')
      log.warn(
        { publicUrl },
        'links in mails point here; set PERENNIAL_PUBLIC_URL where people come from elsewhere',
      );
    this.loops.push(startLinks({ links: new PasswordLinks(this.source), post: this.post, publicUrl, log }));
    this.loops.push(startLaterMail({ copies, delivery, clock, log }), startTidying(copies, log));
  }

  /** Calls go to public addresses alone. */
  private startCalls(): void {
    const { source, clock, traces } = this;
    const { log } = this.setting;
    const webhooks = new Webhooks(source);
    const commands = this.commands();
    const calls = new OutgoingCalls(new PublicAddresses());
    const parts = { webhooks, commands, calls, traces, log, clock };
    this.loops.push(startWebhooks(parts), startTidying(webhooks, log));
  }

  private readonly rested = (): void => {
    this.rest.wake();
  };

  private processes(): Processes {
    return new Processes(this.source, this.commands(), this.clock);
  }

  private commands(): Commands {
    const committed = (): void => {
      this.work.wake();
    };
    return new Commands(this.source, { now: this.clock.now, tracing: this.tracing, committed });
  }

  private get tracing(): Tracing {
    return this.setting.tracing ?? untraced;
  }

  /** A connected client, once for all; a server that is away is asked again at the next call. */
  private async temporalRuns(): Promise<Runs> {
    this.runs ??= connectTemporal(this.setting.temporal, TRY_MS).then((client) => {
      this.ends.push(() => client.connection.close());
      return new Runs(client, queueOf(this.release));
    });
    try {
      return await this.runs;
    } catch (error) {
      this.runs = undefined;
      throw error;
    }
  }

  private async startWorkers(): Promise<void> {
    const connection = await this.nativeConnection();
    if (!connection) return;
    if (this.setting.duties.includes('notices')) await this.startMail(connection);
    if (this.setting.duties.includes('processes')) await this.startProcesses(connection);
  }

  private async nativeConnection(): Promise<NativeConnection | undefined> {
    const { temporal, log } = this.setting;
    while (!this.stopping) {
      try {
        const connection = await NativeConnection.connect({ address: temporal.address });
        this.ends.push(() => connection.close());
        return connection;
      } catch (error) {
        log.warn({ err: error }, 'the workflow server is away; tried again in a moment');
        await pause(AGAIN_MS);
      }
    }
    return undefined;
  }

  private async startProcesses(connection: NativeConnection): Promise<void> {
    const { setting, source, release, outages, clock } = this;
    const { log, temporal, code } = setting;
    const [processes, runs] = [this.processes(), await this.temporalRuns()];
    const fleet = new Fleet({ source, processes, runs, release });
    const watching = { watches: new Watches(source), fleet, runs, clock, log };
    const steps = ledgerActivities({ processes, traces: this.traces, release, parked: this.rested });
    const activities = { ...steps, ...watchActivities(watching) };
    const worker = await processWorker(connection, temporal, {
      taskQueue: queueOf(release),
      code,
      activities,
    });
    await beatFirst({ outages, log });
    this.run(worker);
    const parts = { source, fleet, runs, release, log };
    const takingOver = startTakingOver(parts);
    this.loops.push(takingOver, startPulse({ outages, runs, log }), keepSchedule({ runs, log }));
    this.loops.push(
      startAskedWatches({ ...watching, operations: new Operations(source), over: this.rested }),
    );
    await takingOver.tookOver;
  }

  private async startMail(connection: NativeConnection): Promise<void> {
    const { temporal } = this.setting;
    this.run(
      await mailWorker(connection, temporal, noticeActivities(this.delivery, this.outages, this.traces)),
    );
  }

  private run(worker: Worker): void {
    this.workers.push(worker);
    const running = worker.run().catch((error: unknown) => {
      this.setting.log.error({ err: error }, 'a worker ended; the program ends too and is started again');
      if (!this.stopping) process.exit(70);
    });
    this.ends.push(() => running);
  }
}

import { makeTelemetryFilterString, Runtime, Worker, type NativeConnection } from '@temporalio/worker';
import type { LedgerActivities, NoticeActivities, WatchActivities } from '#workflows/activities.js';
import { MAIL_QUEUE } from '#workflows/activities.js';
import type { Log } from '#platform/log.js';
import { workerConverter } from '#platform/payload-encryption.js';
import type { TemporalPlace } from '#platform/temporal-client.js';

const MAILS_PER_SECOND = 20;
const GRACE = '20s';
const AT_ONCE = 16;

/** What the SDK has to say at WARN and above goes into our log. Once for each program; signals are ours. */
export function installLog(log: Log): void {
  const silent = (): void => undefined;
  const warn = (message: string, meta?: object): void => {
    log.warn({ ...meta }, message);
  };
  const say = (level: string, message: string, meta?: object): void => {
    if (level === 'WARN' || level === 'ERROR') warn(message, meta);
  };
  Runtime.install({
    logger: { log: say, trace: silent, debug: silent, info: silent, warn, error: warn },
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN' }) } },
    shutdownSignals: [],
  });
}

/** A worker that lives processes: their steps are local, so each is one transaction in PostgreSQL and nothing more. */
export async function processWorker(
  connection: NativeConnection,
  { namespace, payloadKeys }: TemporalPlace,
  {
    taskQueue,
    code,
    activities,
  }: { taskQueue: string; code: string; activities: LedgerActivities & WatchActivities },
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    dataConverter: workerConverter(payloadKeys),
    workflowBundle: { code },
    activities: { ...activities },
    maxCachedWorkflows: 500,
    stickyQueueScheduleToStartTimeout: '5s',
    maxConcurrentLocalActivityExecutions: AT_ONCE,
    shutdownGraceTime: GRACE,
  });
}

/** A worker that sends mails, at a rate of its own: a mail server that is slow or down slows nothing else. */
export async function mailWorker(
  connection: NativeConnection,
  { namespace, payloadKeys }: TemporalPlace,
  activities: NoticeActivities,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: MAIL_QUEUE,
    dataConverter: workerConverter(payloadKeys),
    activities: { ...activities },
    maxTaskQueueActivitiesPerSecond: MAILS_PER_SECOND,
    maxConcurrentActivityTaskExecutions: AT_ONCE,
    shutdownGraceTime: GRACE,
  });
}

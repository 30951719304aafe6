import { hash } from 'node:crypto';
import {
  defineSearchAttributeKey,
  TypedSearchAttributes,
  type SearchAttributePair,
} from '@temporalio/common';
import {
  isGrpcServiceError,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';

/** A process as Temporal is asked to run it. */
export interface RunOf {
  /** `corrective-action/fnd_…`: the id of the process is the id of its run. */
  readonly id: string;
  readonly name: string;
  readonly organisation: string;
  /** `Corrective action of N-2029-0007`, for operators. */
  readonly summary: string;
}

/** How the run of a process is called on the server. */
export const runOf = (of: { id: string; name: string; organisation: string; number: string }): RunOf => ({
  id: of.id,
  name: of.name,
  organisation: of.organisation,
  summary: `${of.name} of ${of.number}`,
});

/** How a run stands on the server. */
export interface RunStanding {
  readonly status: string;
  readonly taskQueue: string;
  /** How often its code was tried on what came last; 0 when there is nothing to do. */
  readonly attempts: number;
}

/** gRPC's codes for a deadline that passed, resources that ran out, and a server that cannot be reached. */
const AWAY: readonly number[] = [4, 8, 14];
/** A worker asks again within a minute, whether there is work or not. */
const GONE_AFTER_MS = 120_000;
const ONE_DAY = '1 day';
/** A daily workflow whose worker is gone must not keep the next one from beginning. */
const ONE_HOUR = '1 hour';

const orgKey = defineSearchAttributeKey('OrgId', 'KEYWORD');
const typeKey = defineSearchAttributeKey('ProcessType', 'KEYWORD');

/** The runs of processes on a Temporal server, for one release of the code. */
export class Runs {
  constructor(
    private readonly client: Client,
    /** The task queue of the release: no worker replays a run of other code. */
    readonly taskQueue: string,
  ) {}

  /** Tells a run what happened, and starts it if there is none. At least once: who is told twice drops it. */
  async tell(run: RunOf, news: unknown): Promise<void> {
    await this.client.workflow.signalWithStart(typeOf(run.name), {
      ...this.options(run),
      signal: 'told',
      signalArgs: [news],
    });
  }

  /** Ends the run, if there is one, and starts it afresh from the ledger, in one call. */
  async restart(run: RunOf): Promise<void> {
    const options = { ...this.options(run), workflowIdConflictPolicy: 'TERMINATE_EXISTING' as const };
    await this.client.workflow.start(typeOf(run.name), options);
  }

  /** How the run of a process stands on the server; nothing when the server knows none. */
  async standing(id: string): Promise<RunStanding | undefined> {
    try {
      const { status, taskQueue, raw } = await this.client.workflow.getHandle(id).describe();
      return { status: status.name, taskQueue, attempts: raw.pendingWorkflowTask?.attempt ?? 0 };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  /** Whether a worker has asked for work on a task queue lately. */
  async isServed(taskQueue: string): Promise<boolean> {
    const { namespace } = this.client.options;
    const { pollers } = await this.client.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
    });
    const asked = pollers.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000);
    return asked.some((at) => at > Date.now() - GONE_AFTER_MS);
  }

  /**
   * Has a workflow of the release run once a day at that hour (UTC), one at a time. What the schedule said before is replaced, so
   * that the release that was started last carries it.
   */
  async everyDay(workflow: string, hour: number): Promise<void> {
    const wanted = {
      spec: { calendars: [{ hour }] },
      policies: { overlap: 'SKIP' as const, catchupWindow: ONE_DAY },
      action: {
        ...{ type: 'startWorkflow' as const, workflowType: workflow, taskQueue: this.taskQueue, args: [] },
        ...{ workflowId: workflow, workflowExecutionTimeout: ONE_HOUR },
      },
    };
    try {
      await this.client.schedule.create({ scheduleId: workflow, ...wanted });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await this.client.schedule.getHandle(workflow).update(({ state }) => ({ ...wanted, state }));
    }
  }

  /** Whether what the schedule of a daily workflow begins is served: by this release, or by another one whose worker is there. */
  async isCarried(workflow: string): Promise<boolean> {
    try {
      const { action } = await this.client.schedule.getHandle(workflow).describe();
      return action.taskQueue === this.taskQueue || (await this.isServed(action.taskQueue));
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return false;
      throw error;
    }
  }

  private options({ id, name, organisation, summary }: RunOf) {
    const pairs: SearchAttributePair[] = [
      { key: orgKey, value: organisation },
      { key: typeKey, value: name },
    ];
    return {
      workflowId: id,
      taskQueue: this.taskQueue,
      args: [id],
      staticSummary: summary,
      typedSearchAttributes: new TypedSearchAttributes(pairs),
    };
  }
}

/** True when the server cannot be reached or has no time: nothing is wrong with what was asked. */
export function isAway(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return isGrpcServiceError(cause) && AWAY.includes(cause.code);
}

/** The name under which the bundle exports a process: `corrective-action` is `correctiveAction`. */
const typeOf = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The task queue of a release. */
export const queueOf = (release: string): string => `processes@${release}`;

/** The release of a bundle: runs of another one are started afresh. */
export const releaseOf = (code: string): string => hash('sha256', code).slice(0, 12);

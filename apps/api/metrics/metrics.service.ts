import { Injectable } from '@nestjs/common';
import { standingOf, type Standing } from '#database/reading/standing.js';
import { viewAs } from '#database/reading/view.js';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { Answer } from '../http/answer.js';
import { notFound } from '../http/fault.js';
import type { Caller } from '../http/visit.js';

/** What each number means, under the name by which Prometheus knows it. */
const words: Readonly<Record<Exclude<keyof Standing, 'processes'>, readonly [string, string]>> = {
  processesBehind: ['perennial_processes_behind', 'Processes that have not been told of every fact.'],
  oldestUntoldSeconds: [
    'perennial_untold_age_seconds',
    'How long the first fact has waited to be told to its process.',
  ],
  dueMissed: [
    'perennial_processes_due_missed',
    'Processes whose due instant passed a quarter of an hour ago.',
  ],
  withoutRun: [
    'perennial_processes_without_run',
    'Processes that the last watch found without a run, and could not repair.',
  ],
  tasks: ['perennial_tasks_open', 'Tasks that wait to be done.'],
  tasksOverdue: ['perennial_tasks_overdue', 'Tasks of live organisations that are late.'],
  oldestOverdueDays: ['perennial_task_overdue_days', 'By how many days the latest of them is late.'],
  noticesOrdered: ['perennial_notices_waiting', 'Notices on their way out.'],
  noticesLate: ['perennial_notices_late', 'Notices that went out late after an outage of the last day.'],
  linksWaiting: ['perennial_links_waiting', 'Links by which people set a password, not sent yet.'],
  feedLagSeconds: [
    'perennial_feed_lag_seconds',
    'How long the first fact has waited for its place in the feed of events.',
  ],
  heartbeatSeconds: ['perennial_heartbeat_age_seconds', 'Since the last sign that processes are lived.'],
};

/** Numbers for whoever runs the installation: how it stands, and how this program fares. */
@Injectable()
export class MetricsService {
  private readonly processes: Gauge<'process'>;
  private readonly gauges: ReadonlyMap<string, Gauge>;

  constructor(
    private readonly source: DataSource,
    private readonly registry: Registry,
  ) {
    collectDefaultMetrics({ register: registry });
    const registers = [registry];
    this.processes = new Gauge({
      ...{ name: 'perennial_processes_open', help: 'Open processes, by name.', labelNames: ['process'] },
      registers,
    });
    this.gauges = new Map(
      Object.entries(words).map(([key, [name, help]]) => [key, new Gauge({ name, help, registers })]),
    );
  }

  async read(caller: Caller): Promise<Answer> {
    const standing = await viewAs(this.source, caller, standingOf);
    if (standing === undefined) throw notFound();
    this.processes.reset();
    for (const [process, count] of Object.entries(standing.processes)) this.processes.set({ process }, count);
    for (const [key, value] of Object.entries(standing))
      if (typeof value === 'number') this.gauges.get(key)?.set(value);
    const text = await this.registry.metrics();
    return new Answer(200, text, { 'content-type': this.registry.contentType, 'cache-control': 'no-store' });
  }
}

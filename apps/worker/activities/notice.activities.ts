import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Outages } from '#database/outages.js';
import type { Traces } from '#database/traces.js';
import type { RecordDelivery } from '#domain/notice/notice.js';
import type { NoticeActivities } from '#workflows/activities.js';
import type { Work } from '#platform/tracing.js';
import type { Delivery } from '../mail/delivery.js';
import { beating } from './beating.js';

/** What leaves the house. At least once: a repeated mail carries the same Message-ID. A late one waits for its turn. (I-33) */
export const noticeActivities = (delivery: Delivery, outages: Outages, traces: Traces): NoticeActivities => ({
  deliverNotice: async (notice) => {
    const nextRetryDelay = await outages.turnOf(notice);
    if (nextRetryDelay > 0)
      throw ApplicationFailure.create({
        message: 'late notices go out in the order of their days, and others come first',
        category: ApplicationFailureCategory.BENIGN,
        nextRetryDelay,
      });
    const ordered = { stream: notice, from: 1, to: 1 };
    return traces.follow(
      ordered,
      { ...delivering, attributes: { 'perennial.thing': notice } },
      async (span) => {
        const came = await beating(() => delivery.deliver(notice));
        span.note({ 'perennial.outcome': outcomeOf(came) });
        return came;
      },
    );
  },
});

const delivering: Work = { name: 'deliver notice', kind: 'client' };

function outcomeOf(came: RecordDelivery): string {
  if ('outdated' in came) return 'outdated';
  return 'answer' in came ? 'refused' : (came.through ?? 'mail');
}

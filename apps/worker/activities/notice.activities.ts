import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Outages } from '#database/outages.js';
import type { NoticeActivities } from '#workflows/activities.js';
import type { Delivery } from '../mail/delivery.js';

/** What leaves the house. At least once: a repeated mail carries the same Message-ID. A late one waits for its turn. (I-33) */
export const noticeActivities = (delivery: Delivery, outages: Outages): NoticeActivities => ({
  deliverNotice: async (notice) => {
    const nextRetryDelay = await outages.turnOf(notice);
    if (nextRetryDelay > 0)
      throw ApplicationFailure.create({
        message: 'late notices go out in the order of their days, and others come first',
        category: ApplicationFailureCategory.BENIGN,
        nextRetryDelay,
      });
    return delivery.deliver(notice);
  },
});

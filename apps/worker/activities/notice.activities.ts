import type { NoticeActivities } from '#workflows/activities.js';
import type { Post } from '../post.js';

/** What leaves the house. At least once: a repeated mail carries the same Message-ID. */
export const noticeActivities = (post: Post): NoticeActivities => ({
  deliverNotice: (notice) => post.deliver(notice),
});

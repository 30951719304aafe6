import { z } from 'zod';
import { pageQuery } from '../page.js';
import { listOf, route } from '../route.js';
import { id } from '../shapes.js';
import { notices } from './body.js';

const unread = z
  .looseObject({
    object: z.literal('unreadNotices'),
    unread: z.int().nonnegative().meta({ description: 'How many notices you have not read.' }),
  })
  .meta({ id: 'UnreadNotices', description: 'How many notices you have not read, exactly.' });

/** Up to which notice somebody has read. */
export const upToBody = z.strictObject({
  upTo: id('ntc').meta({
    description: 'The last one that you have read: it and all before it count as read.',
  }),
});

/** The notices to whoever calls. Whether they were read is their own: nobody else sees it, and it is no fact. */
export const ownNotices = {
  list: listOf({
    name: 'listOwnNotices',
    does: 'Lists the notices to you, the newest first.',
    path: '/v1/inbox/notices',
    row: notices.shown
      .extend({
        readAt: z
          .string()
          .nullable()
          .meta({ format: 'date-time', description: 'When you marked it as read; null while it is unread.' }),
      })
      .meta({ id: 'OwnNotice', description: 'A notice to you.' }),
    query: {
      ...pageQuery,
      unread: z
        .enum(['true', 'false'])
        .exactOptional()
        .meta({ description: 'Only those that you have not read, or only those that you have.' }),
    },
  }),
  count: route({
    name: 'countUnreadNotices',
    does: 'Counts the notices that you have not read, exactly.',
    kind: 'read',
    path: '/v1/inbox/unread',
    answer: unread,
  }),
  markAllRead: route({
    name: 'markNoticesRead',
    does: 'Marks a notice to you and all earlier ones as read.',
    kind: 'mark',
    path: '/v1/inbox/mark-read',
    body: upToBody,
    answer: unread,
  }),
  markRead: route({
    name: 'markNoticeRead',
    does: 'Marks a notice to you as read.',
    kind: 'mark',
    path: '/v1/notices/{id}/mark-read',
    answer: unread,
  }),
  markUnread: route({
    name: 'markNoticeUnread',
    does: 'Marks a notice to you as unread.',
    kind: 'mark',
    path: '/v1/notices/{id}/mark-unread',
    answer: unread,
  }),
};

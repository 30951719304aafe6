export { ledgerActivities } from './ledger.activities.js';
export { noticeActivities } from './notice.activities.js';
export { watchActivities } from './watch.activities.js';

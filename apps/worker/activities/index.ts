export { ledgerActivities } from './ledger.activities.js';
export { noticeActivities } from './notice.activities.js';

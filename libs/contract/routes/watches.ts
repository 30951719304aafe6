import { z } from 'zod';
import { pageQuery } from '../page.js';
import { listOf, route } from '../route.js';
import { operation } from './sandboxes.js';

const at = (description: string) => z.string().meta({ format: 'date-time', description });

const remark = z
  .looseObject({
    kind: z.string().meta({
      description: 'unplanned, no-run, failing, unseen or due-missed.',
      examples: ['no-run'],
    }),
    subject: z.string().meta({ description: 'The certificate or the process.' }),
    detail: z.string().meta({ description: 'What was found, and what was done about it.' }),
    repaired: z.boolean().meta({ description: 'False when somebody must see to it.' }),
  })
  .meta({ id: 'WatchRemark', description: 'Something that a watch found wrong.' });

const watch = z
  .looseObject({
    id: z.string().meta({ description: 'Its id.' }),
    object: z.literal('watch'),
    because: z.string().meta({ description: 'schedule or asked.' }),
    beganAt: at('When it began.'),
    endedAt: at('When it was over.'),
    lookedAt: z
      .looseObject({
        certificates: z.int().meta({ description: 'Certificates in force.' }),
        processes: z.int().meta({ description: 'Open processes.' }),
      })
      .meta({ description: 'How much it looked at.' }),
    remarks: z.array(remark).meta({ description: 'What it found; nothing when all is well.' }),
    links: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Watch', description: 'The report of one daily watch.' });

/** The daily watch: run now, and what it reported. For whoever runs the installation. */
export const watches = {
  run: route({
    name: 'runWatch',
    does: 'Looks now whether everything is planned, lived and on time, and repairs what it may.',
    kind: 'operation',
    path: '/v1/watches',
    scope: 'watch',
    answer: operation,
  }),
  list: listOf({
    name: 'listWatches',
    does: 'Lists the reports of the daily watch, the newest first.',
    path: '/v1/watches',
    row: watch,
    query: pageQuery,
  }),
  get: route({
    name: 'getWatch',
    does: 'Shows one report of the daily watch.',
    kind: 'read',
    path: '/v1/watches/{id}',
    answer: watch,
  }),
};

const item = z
  .looseObject({
    kind: z.string().meta({
      description:
        'late: reminded late; withdrawn: of no use any more; failed: no mail server takes it; passed: a legal date.',
      examples: ['late'],
    }),
    notice: z.string().nullable().meta({ description: 'The notice.' }),
    thing: z.string().nullable().meta({ description: 'What owes it.' }),
    number: z.string().nullable().meta({ description: 'Its number for people.' }),
    obligation: z.string().meta({ description: 'What is or was owed.' }),
    due: z.string().nullable().meta({ description: 'By which day.' }),
    missedOn: z.string().nullable().meta({ description: 'The day of the first reminder that was missed.' }),
    reminders: z.array(z.string()).meta({ description: 'The reminders for which the notice stands.' }),
  })
  .meta({ id: 'OutageItem', description: 'What came of an outage for one obligation.' });

const shape = {
  id: z.string().meta({ description: 'Its id.' }),
  object: z.literal('outage'),
  beganAt: at('When processes were lived last.'),
  endedAt: at('When they were lived again.'),
  caughtUpAt: at('When nothing was behind any more; until then there is more to come.').nullable(),
  counts: z.record(z.string(), z.int()).meta({
    description:
      'How many items there are of each kind among those that you see; for whoever runs the installation, all.',
  }),
  links: z.record(z.string(), z.string()),
};

const outage = z
  .looseObject(shape)
  .meta({ id: 'Outage', description: 'A time of more than ten minutes in which no process was lived.' });

const outageReport = z
  .looseObject({
    ...shape,
    items: z.array(item).meta({ description: 'In the order of the original days, 1,000 at most.' }),
  })
  .meta({ id: 'OutageReport', description: 'An outage, and what came of it.' });

/** When processes stood still, and what came of it for what the caller may see. */
export const outages = {
  list: listOf({
    name: 'listOutages',
    does: 'Lists outages, the newest first.',
    path: '/v1/outages',
    row: outage,
    query: pageQuery,
  }),
  get: route({
    name: 'getOutage',
    does: 'Shows one outage: what was sent late, what was withdrawn, which legal dates passed.',
    kind: 'read',
    path: '/v1/outages/{id}',
    answer: outageReport,
  }),
};

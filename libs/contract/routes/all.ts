import type { Collection } from '../collection.js';
import type { Route } from '../route.js';
import { audits } from './audits.js';
import { batches } from './batches.js';
import { competences, notices, policies } from './body.js';
import { calendar, calendarFeeds } from './calendars.js';
import { auditTimes, certificates, decisions } from './decisions.js';
import { entries } from './entries.js';
import { events } from './events.js';
import { evidence, evidenceFiles } from './evidence.js';
import { findings } from './findings.js';
import { identities, providers } from './identities.js';
import { obligations } from './obligations.js';
import { organisations } from './organisations.js';
import { apiKeys, people } from './people.js';
import { processes } from './processes.js';
import { programmes } from './programmes.js';
import { readiness } from './readiness.js';
import { inbox } from './inbox.js';
import { metrics } from './metrics.js';
import { ownNotices } from './own-notices.js';
import { observations, opportunities } from './remarks.js';
import { operations, sandboxes } from './sandboxes.js';
import { recertifications } from './recertifications.js';
import { roadmap } from './roadmap.js';
import { passwords, session } from './session.js';
import { surveillances } from './surveillances.js';
import { system } from './system.js';
import { tasks } from './tasks.js';
import { templates } from './templates.js';
import { outages, watches } from './watches.js';
import { webhookDeliveries, webhookEndpoints } from './webhooks.js';

/** The collections of things with a life, by the kind of their things. */
export const collections: readonly Collection[] = [
  ...[organisations, people, apiKeys, webhookEndpoints, policies, competences],
  ...[programmes, readiness, auditTimes, audits, findings, decisions, certificates],
  ...[surveillances, recertifications],
  ...[observations, opportunities, evidence, tasks, notices],
];

/** The collection in which a thing of this kind stands. */
export const collectionOf = (kind: string): Collection | undefined =>
  collections.find((one) => one.kind === kind);

const ofThings = ({
  list,
  get,
  entries: history,
  obligations: owed,
  commands,
  again,
}: Collection): readonly Route[] => [list, get, history, owed, ...Object.values(commands), ...again];

const listed = (group: Readonly<Record<string, Route>>): readonly Route[] => Object.values(group);

/** Every route of the door. */
export const routes: readonly Route[] = [
  ...collections.flatMap(ofThings),
  ...[
    session,
    passwords,
    providers,
    identities,
    inbox,
    ownNotices,
    calendarFeeds,
    { calendar },
    batches,
    roadmap,
    templates,
    evidenceFiles,
    entries,
    events,
    webhookDeliveries,
    obligations,
    processes,
  ].flatMap(listed),
  ...[sandboxes, operations, watches, outages, metrics, system].flatMap(listed),
];

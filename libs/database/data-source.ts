import { DataSource } from 'typeorm';
import { Apart1735689600022 } from './migrations/0022-apart.js';
import { OtherSide1735689600023 } from './migrations/0023-other-side.js';
import { Reach1735689600024 } from './migrations/0024-reach.js';
import { OpenIn1735689600025 } from './migrations/0025-open-in.js';
import { Settled1735689600026 } from './migrations/0026-settled.js';
import { ShortWay1735689600027 } from './migrations/0027-short-way.js';
import { Command1735689600004 } from './migrations/0004-command.js';
import { Door1735689600003 } from './migrations/0003-door.js';
import { EndedRoles1735689600012 } from './migrations/0012-ended-roles.js';
import { Events1735689600011 } from './migrations/0011-events.js';
import { Identities1735689600017 } from './migrations/0017-identities.js';
import { Mails1735689600019 } from './migrations/0019-mails.js';
import { KeptText1735689600028 } from './migrations/0028-kept-text.js';
import { OneLook1735689600029 } from './migrations/0029-one-look.js';
import { BetweenLooks1735689600030 } from './migrations/0030-between-looks.js';
import { LastWayIn1735689600031 } from './migrations/0031-last-way-in.js';
import { Followed1735689600032 } from './migrations/0032-followed.js';
import { RecordedFile1735689600033 } from './migrations/0033-recorded-file.js';
import { Ledger1735689600001 } from './migrations/0001-ledger.js';
import { LockOrder1735689600009 } from './migrations/0009-lock-order.js';
import { Metrics1735689600016 } from './migrations/0016-metrics.js';
import { OwnThings1735689600020 } from './migrations/0020-own-things.js';
import { Parties1735689600008 } from './migrations/0008-parties.js';
import { Rights1735689600006 } from './migrations/0006-rights.js';
import { Routing1735689600021 } from './migrations/0021-routing.js';
import { SignIn1735689600013 } from './migrations/0013-sign-in.js';
import { TasksReturn1735689600014 } from './migrations/0014-tasks-return.js';
import { Tasks1735689600010 } from './migrations/0010-tasks.js';
import { Things1735689600002 } from './migrations/0002-things.js';
import { Traces1735689600018 } from './migrations/0018-traces.js';
import { Watch1735689600007 } from './migrations/0007-watch.js';
import { Webhooks1735689600015 } from './migrations/0015-webhooks.js';
import { Write1735689600005 } from './migrations/0005-write.js';

/** `app`: requests of people, under row-level security. `engine`: relay and processes. `owner`: migrations and rebuilds. */
export type DatabaseRole = 'app' | 'engine' | 'owner';

const LIMIT_MS = 30_000;
/** A database that falls silent: longer than PostgreSQL lets a transaction take, so that what is slow is not taken for dead. */
const SILENCE_MS = LIMIT_MS + 5_000;
const migrations = [
  Ledger1735689600001,
  Things1735689600002,
  Door1735689600003,
  Command1735689600004,
  Write1735689600005,
  Rights1735689600006,
  Watch1735689600007,
  Parties1735689600008,
  LockOrder1735689600009,
  Tasks1735689600010,
  Events1735689600011,
  EndedRoles1735689600012,
  SignIn1735689600013,
  TasksReturn1735689600014,
  Webhooks1735689600015,
  Metrics1735689600016,
  Identities1735689600017,
  Traces1735689600018,
  Mails1735689600019,
  OwnThings1735689600020,
  Routing1735689600021,
  Apart1735689600022,
  OtherSide1735689600023,
  Reach1735689600024,
  OpenIn1735689600025,
  Settled1735689600026,
  ShortWay1735689600027,
  KeptText1735689600028,
  OneLook1735689600029,
  BetweenLooks1735689600030,
  LastWayIn1735689600031,
  Followed1735689600032,
  RecordedFile1735689600033,
];

/**
 * A pool of connections that act in one role, whoever logs in; a transaction that outlives its limit is ended by PostgreSQL. Nobody waits
 * for a database that is gone without a word. Migrations and rebuilds take the time that they need.
 */
export async function openDatabase(url: string, role: DatabaseRole, size = 10): Promise<DataSource> {
  const isLimited = role !== 'owner';
  const limits = isLimited ? ` -c transaction_timeout=${LIMIT_MS} -c lock_timeout=${LIMIT_MS}` : '';
  const plans = role === 'engine' ? ' -c plan_cache_mode=force_generic_plan' : ''; // it asks the same few things by key
  const literals = ' -c standard_conforming_strings=on';
  return new DataSource({
    type: 'postgres',
    url,
    schema: 'perennial',
    installExtensions: false,
    poolSize: size,
    migrations,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    extra: {
      keepAlive: true,
      connectionTimeoutMillis: SILENCE_MS,
      ...(isLimited ? { query_timeout: SILENCE_MS } : {}),
      options: `-c role=perennial_${role} -c timezone=UTC -c search_path=perennial,pg_temp${literals}${limits}${plans}`,
    },
  }).initialize();
}

import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { PAYLOAD_KEY } from './payload-encryption.js';
import { StartFailure } from './start-failure.js';

export const duties = ['processes', 'notices', 'relay'] as const;
export type Duty = (typeof duties)[number];

const loopback = ['127.0.0.1', '::1', 'localhost'];
const port = z.coerce.number().int().min(0).max(65_535);
const url = (...schemes: string[]) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)));
const address = z.string().regex(/^[^\s:]+:\d{1,5}$/);
const yesNo = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
const dutyList = z
  .string()
  .transform((text) => text.split(',').map((word) => word.trim()))
  .pipe(z.array(z.enum(duties)).min(1))
  .transform((list): readonly Duty[] => list);

const payloadKeyList = z
  .string()
  .transform((text) => text.split(',').map((word) => word.trim()))
  .pipe(z.array(z.string().regex(PAYLOAD_KEY)).min(1))
  .refine((list) => new Set(list.map((word) => word.split(':')[0])).size === list.length)
  .transform((list): readonly string[] => list);

/** Over plain HTTP only what runs on this machine is asked who somebody is. */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text) || /[?#]/.test(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return (
    protocol === 'https:' || (protocol === 'http:' && loopback.includes(hostname.replace(/^\[|\]$/g, '')))
  );
}

const provider = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  issuer: z.string().refine(isIssuer),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
});
/** A provider by which people sign in: the name that stands in addresses, who it is, and as whom we ask it. (OpenID Connect) */
export type ProviderSettings = Readonly<z.infer<typeof provider>>;

const providerList = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom' });
      return z.NEVER;
    }
  })
  .pipe(z.array(provider).refine((list) => new Set(list.map(({ name }) => name)).size === list.length))
  .transform((list): readonly ProviderSettings[] => list);

/** Everything that can be set: where it comes from, and an example that is right. */
const schema = z.object({
  port: port.default(4200).meta({ env: 'PERENNIAL_PORT', like: '4200' }),
  host: z.string().min(1).default('127.0.0.1').meta({ env: 'PERENNIAL_HOST', like: '127.0.0.1' }),
  publicUrl: url('http', 'https')
    .optional()
    .meta({ env: 'PERENNIAL_PUBLIC_URL', like: 'https://perennial.example' }),
  behindProxy: yesNo.default(false).meta({ env: 'PERENNIAL_BEHIND_PROXY', like: 'true' }),
  /** Of one person; keys and organisations have more, and 0 is no limit. */
  requestsPerMinute: z.coerce
    .number()
    .int()
    .min(0)
    .default(600)
    .meta({ env: 'PERENNIAL_REQUESTS_PER_MINUTE', like: '600' }),
  databaseUrl: url('postgres', 'postgresql')
    .optional()
    .meta({ env: 'DATABASE_URL', like: 'postgres://perennial_app@db.example/perennial', secret: true }),
  databaseOwnerUrl: url('postgres', 'postgresql').optional().meta({
    env: 'PERENNIAL_DATABASE_OWNER_URL',
    like: 'postgres://owner@db.example/perennial',
    secret: true,
  }),
  temporalAddress: address.optional().meta({ env: 'TEMPORAL_ADDRESS', like: 'temporal.example:7233' }),
  temporalNamespace: z
    .string()
    .min(1)
    .default('default')
    .meta({ env: 'TEMPORAL_NAMESPACE', like: 'default' }),
  /** What the workflow server keeps is encrypted under the first of them; the others decrypt what they have encrypted. */
  payloadKeys: payloadKeyList.optional().meta({
    env: 'PERENNIAL_PAYLOAD_KEYS',
    like: '2026-11:<32 bytes in base64>,2025-01:<32 bytes in base64>',
    secret: true,
    alone: true,
  }),
  temporalCli: z.string().optional().meta({ env: 'PERENNIAL_TEMPORAL_CLI', like: '/usr/local/bin/temporal' }),
  duties: dutyList.default(duties).meta({ env: 'PERENNIAL_DUTIES', like: 'processes,relay' }),
  evidenceFolder: z
    .string()
    .optional()
    .meta({ env: 'PERENNIAL_EVIDENCE_STORE', like: './.perennial/evidence' }),
  mailUrl: url('smtp', 'smtps')
    .optional()
    .meta({ env: 'PERENNIAL_MAIL_URL', like: 'smtp://mail.example:587', secret: true }),
  mailFrom: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/)
    .default('perennial@localhost.localdomain')
    .meta({ env: 'PERENNIAL_MAIL_FROM', like: 'perennial@example.org' }),
  oidc: providerList.default([]).meta({
    env: 'PERENNIAL_OIDC',
    like: '[{"name":"example","issuer":"https://id.example","clientId":"perennial","clientSecret":"…"}]',
    secret: true,
  }),
  dataFolder: z.string().default('.perennial').meta({ env: 'PERENNIAL_DATA', like: './.perennial' }),
  cacheFolder: z.string().default('.cache').meta({ env: 'PERENNIAL_CACHE', like: './.cache' }),
  secretsFolder: z.string().optional().meta({ env: 'PERENNIAL_SECRETS', like: './.perennial/secrets' }),
  /** For commands that talk to a running system; `npm start` writes both into the data folder. */
  url: url('http', 'https').optional().meta({ env: 'PERENNIAL_URL', like: 'http://127.0.0.1:4200' }),
  key: z.string().optional().meta({ env: 'PERENNIAL_KEY', like: 'prn_live_…', secret: true, alone: true }),
  /** A collector of OpenTelemetry; where none is named nothing is traced. Its headers are named by OTEL_EXPORTER_OTLP_HEADERS. */
  otlpUrl: url('http', 'https')
    .optional()
    .meta({ env: 'PERENNIAL_OTLP_URL', like: 'http://collector.example:4318' }),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .meta({ env: 'PERENNIAL_LOG_LEVEL', like: 'info' }),
});

type Parsed = z.infer<typeof schema>;
export type Key = keyof Parsed;
export type Flags = Partial<Record<Key, string>>;
export type Config = Readonly<Parsed & { evidenceFolder: string; secretsFolder: string }>;
type Environment = Readonly<Record<string, string | undefined>>;

interface Place {
  env: string;
  like: string;
  secret: boolean;
  /** A file with it may be readable by its owner only. */
  alone: boolean;
}

const places = new Map(
  Object.entries(schema.shape).map(([key, part]): [string, Place] => {
    const meta = part.meta();
    return [
      key,
      {
        env: String(meta?.['env']),
        like: String(meta?.['like']),
        secret: meta?.['secret'] === true,
        alone: meta?.['alone'] === true,
      },
    ];
  }),
);

/** Read once, in each main; frozen; handed in. All faults are told at once, and never a value. */
export function readConfig(flags: Flags = {}, environment: Environment = process.env): Config {
  const faults = unknownNames(environment);
  const given = new Map<string, string>();
  for (const [key, place] of places) {
    const text = valueOf(place, environment, faults);
    if (text !== undefined) given.set(key, text);
  }
  for (const [key, text] of Object.entries(flags)) given.set(key, text);
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (!parsed.success || faults.length > 0)
    throw new StartFailure(told([...faults, ...explain(parsed.error)]));
  return settle(parsed.data);
}

export const addressOf = (config: Config): string => {
  const host = ['0.0.0.0', '::'].includes(config.host) ? '127.0.0.1' : config.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${String(config.port)}`;
};

/** Where people reach Perennial: as it was said, else on this machine. */
export const publicUrlOf = (config: Config): string =>
  config.publicUrl?.replace(/\/+$/, '') ?? addressOf(config);

/** What a child process needs to come to the same configuration. */
export function environmentFor(config: Partial<Config>): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [key, value] of Object.entries(config)) {
    const place = places.get(key);
    if (place === undefined || value === undefined) continue;
    passed[place.env] = writtenOf(value);
  }
  return passed;
}

function writtenOf(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.every((one) => typeof one === 'string') ? value.join(',') : JSON.stringify(value);
}

/** The environment of this process with what is said here, for a child. */
export function childEnvironment(extra: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { ...Object.fromEntries(own), ...extra };
}

/** Only this machine may knock, unless somebody says that a proxy with TLS stands in front. (E1020) */
export function refuseOpenDoor(config: Config): void {
  if (loopback.includes(config.host)) return;
  if (config.behindProxy && config.publicUrl?.startsWith('https:') === true) return;
  throw new StartFailure({
    code: 'E1020',
    what: `The address ${config.host} is open to the network, and nothing says that TLS stands in front of it.`,
    lines: [
      'Leave PERENNIAL_HOST at 127.0.0.1, or put a proxy with TLS in front and say so:',
      '  PERENNIAL_BEHIND_PROXY=true PERENNIAL_PUBLIC_URL=https://perennial.example',
    ],
  });
}

function valueOf(place: Place, environment: Environment, faults: string[]): string | undefined {
  const direct = environment[place.env];
  if (direct !== undefined && direct !== '') return direct;
  const file = place.secret ? environment[`${place.env}_FILE`] : undefined;
  if (file === undefined || file === '') return undefined;
  try {
    if (place.alone && isOpen(file))
      faults.push(
        `${place.env}_FILE (environment): others can read the file; chmod 600 makes it yours alone`,
      );
    return readFileSync(file, 'utf8').trim();
  } catch {
    faults.push(`${place.env}_FILE (environment): the file cannot be read`);
    return undefined;
  }
}

const isOpen = (file: string): boolean => process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;

function explain(error: z.ZodError | undefined): string[] {
  const keys = new Set((error?.issues ?? []).map((issue) => String(issue.path[0])));
  return [...keys].map((key) => {
    const place = places.get(key);
    return `${place?.env ?? key}: not of the right form; for example ${place?.like ?? ''}`;
  });
}

/** Every variable that is read; each secret may also come from a file. */
export const environmentNames = (): string[] =>
  [...places.values()].flatMap(({ env, secret }) => (secret ? [env, `${env}_FILE`] : [env]));

function unknownNames(environment: Environment): string[] {
  const known = environmentNames();
  return Object.keys(environment)
    .filter((name) => name.startsWith('PERENNIAL_') && !known.includes(name))
    .map((name) => `${name} (environment): no such key; did you mean ${nearest(name, known)}?`);
}

function nearest(name: string, known: readonly string[]): string {
  const near = known.map((word): [number, string] => [distance(name, word), word]);
  return near.sort(([one], [other]) => one - other)[0]?.[1] ?? '';
}

/** Levenshtein's: how many letters to change. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [place, wanted] of Array.from(other).entries()) {
      const change = (row[place] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(change, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

function told(faults: readonly string[]) {
  const what = `The configuration has ${faults.length === 1 ? 'a fault' : `${String(faults.length)} faults`}.`;
  return { code: 'E1013' as const, what, lines: [...faults, 'Nothing was changed.'] };
}

/** Folders become absolute, since children may run elsewhere; what hangs on the data folder follows it. */
function settle(parsed: Parsed): Config {
  const dataFolder = resolve(parsed.dataFolder);
  return Object.freeze({
    ...parsed,
    dataFolder,
    cacheFolder: resolve(parsed.cacheFolder),
    evidenceFolder: resolve(parsed.evidenceFolder ?? `${dataFolder}/evidence`),
    secretsFolder: resolve(parsed.secretsFolder ?? `${dataFolder}/secrets`),
    duties: Object.freeze(parsed.duties),
    oidc: Object.freeze(parsed.oidc),
  });
}

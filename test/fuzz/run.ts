import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs, parseEnv } from 'node:util';
import { Client } from '#client/client.js';
import { people } from '#contract/routes/people.js';
import { sandboxes } from '#contract/routes/sandboxes.js';
import { civilDate } from '#domain/instant.js';
import { readConfig } from '#platform/config.js';
import { freePort } from '#platform/ports.js';
import { onShutdown } from '#platform/shutdown.js';
import { play } from '#rehearsal/play/player.js';
import type { Script } from '#rehearsal/play/script.js';
import { HttpDoor } from '../../apps/cli/journey/http-door.js';
import { inputCheck } from '../../apps/cli/journey/inputs.js';
import { readScript } from '../../apps/cli/journey/script-file.js';
import { Start } from '../../apps/cli/up/system.js';

// Calls every route of the document with what fits it and what does not, and holds each answer against the document.

const SCHEMATHESIS = '4.32.5';
const SAMPLE = 'samples/customer-chat-assistant.yaml';
/** Between the two stages of the audit: much has been opened and little is closed. */
const MIDDLE = civilDate('2027-04-20');
const FOLDER = resolve('.cache/fuzz');
const OUT = join(FOLDER, 'last');
/** A few of each route, again and again. */
const FITTING = [
  ...['--mode', 'positive', '--generation-allow-x00', 'false'],
  ...['--max-examples', '5', '--max-time', '7200'],
];

const { values: flags } = parseArgs({
  options: {
    calls: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    phases: { type: 'string', default: 'coverage,fuzzing,stateful' },
  },
});
const [calls, seed, phases] = [Number(flags.calls), Number(flags.seed), flags.phases.split(',')];
const share = Math.ceil(calls / phases.length);

/** One of the people of a sandbox, or the administrator: the credential, and what the clock shows. */
interface Asker {
  readonly token: string;
  readonly sandbox: string;
  readonly now: string;
  readonly person: string;
}

interface Place {
  readonly url: string;
  readonly key: string;
}

type Call = readonly [method: string, path: string, status: number, code: string | null];
interface Break {
  readonly call: Call;
  readonly what: readonly string[];
}

class NoPython extends Error {}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** A virtual environment in the cache with the one package that is needed. */
function schemathesis(): string {
  const home = join(FOLDER, `schemathesis-${SCHEMATHESIS}`);
  const program = join(home, 'bin', 'st');
  if (existsSync(program)) return program;
  say(`schemathesis ${SCHEMATHESIS} from PyPI …`);
  try {
    execFileSync('python3', ['-m', 'venv', home]);
    execFileSync(join(home, 'bin', 'pip'), ['install', '-q', `schemathesis==${SCHEMATHESIS}`]);
  } catch (cause) {
    rmSync(home, { recursive: true, force: true });
    throw new NoPython(
      'The fuzz run needs Python 3.10 or newer with venv (Debian: apt install python3-venv), and PyPI once.',
      { cause },
    );
  }
  return program;
}

/** A whole certification, and one that stands in the middle, each in a sandbox of its own. */
async function furnish({ url, key }: Place): Promise<void> {
  const read = readScript(readFileSync(SAMPLE, 'utf8'), inputCheck);
  if ('mistakes' in read) throw new Error(`${SAMPLE} cannot be played`);
  const { script } = read;
  const acts = script.acts.filter(({ on }) => on < MIDDLE);
  const half: Script = { ...script, acts, ends: MIDDLE };
  for (const one of [script, half]) await play(one, new HttpDoor(url, key));
}

/** Everybody who is active in the sandboxes, and the administrator in each. */
async function askersAt({ url, key }: Place): Promise<readonly Asker[]> {
  const owner = new Client(url, key);
  const boxes = await owner.call(sandboxes.list);
  const all = await owner.call(people.list, { query: { pageSize: '200' } });
  const askers: Asker[] = [];
  for (const { id: sandbox, now, organisations } of boxes.data) {
    askers.push({ token: key, sandbox, now, person: '' });
    for (const { id: person, organisation, state } of all.data) {
      if (state !== 'active' || !organisations.some(({ id }) => id === organisation)) continue;
      const acting = { params: { id: sandbox }, key: randomUUID(), body: { person } };
      const { token } = await owner.call(sandboxes.actAs, acting);
      askers.push({ token, sandbox, now, person });
    }
  }
  return askers;
}

/**
 * One phase of schemathesis. That of the edges goes route by route to its end, with much that must be refused; the others go
 * on with what fits until their share is made.
 */
async function phase(name: string, place: Place): Promise<boolean> {
  say(`${name} …`);
  const most = name === 'coverage' ? 0 : share;
  const told = { ...place, calls: most, out: OUT, seed, people: await askersAt(place) };
  const log = openSync(join(OUT, `${name}.log`), 'w');
  const args = [
    ...['run', resolve('openapi.json'), '--url', place.url, '--phases', name, '--seed', String(seed)],
    ...['--workers', '1', '--checks', 'not_a_server_error', '--continue-on-failure', '--no-shrink'],
    ...['--request-timeout', '60', '--suppress-health-check', 'all', '--generation-database', 'none'],
    ...(most > 0 ? FITTING : []),
    ...['--warnings', 'off', '--no-color'],
  ];
  const env = {
    ...process.env,
    ...{ SCHEMATHESIS_HOOKS: 'hooks', PYTHONPATH: resolve('test/fuzz'), PYTHONDONTWRITEBYTECODE: '1' },
    FUZZ: JSON.stringify(told),
  };
  const child = spawn(schemathesis(), args, { env, cwd: OUT, stdio: ['ignore', log, log] });
  process.once('exit', () => child.kill());
  const code = await new Promise((done) => child.on('close', done));
  closeSync(log);
  if (code !== 0) say(`schemathesis ended with ${String(code)}: ${join(OUT, `${name}.log`)}`);
  return code === 0;
}

function linesOf(file: string): readonly unknown[] {
  const text = existsSync(join(OUT, file)) ? readFileSync(join(OUT, file), 'utf8').trimEnd() : '';
  return text === '' ? [] : text.split('\n').map((line): unknown => JSON.parse(line));
}

/** Each kind of departure once, and the line that counts. */
function tell(): boolean {
  const all = linesOf('calls.ndjson') as readonly Call[];
  const breaks = linesOf('breaks.ndjson') as readonly Break[];
  const statuses = Object.entries(Object.groupBy(all, ([, , status]) => status));
  say(statuses.map(([status, some]) => `${status}: ${String(some?.length)}`).join(', '));
  const kinds = new Set(
    breaks.map(({ call, what }) => [...call.slice(0, 3), ...what].join(' ').split('\n', 1).join('')),
  );
  [...kinds].sort().forEach((kind) => say(`  ${kind}`));
  if (kinds.size > 0) say(`Requests and answers: ${join(OUT, 'breaks.ndjson')}`);
  const errors = breaks.filter(({ call }) => call[2] >= 500).length;
  const rest = breaks.length - errors;
  say(`${String(all.length)} calls, ${String(errors)} server errors, ${String(rest)} contract breaks`);
  return breaks.length === 0 && all.length >= calls;
}

async function fuzz(data: string): Promise<void> {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  schemathesis();
  const port = String(await freePort(0));
  const start = new Start(readConfig({ dataFolder: data, port, logLevel: 'error', requestsPerMinute: '0' }));
  onShutdown(async () => {
    await start.stop();
    rmSync(data, { recursive: true, force: true });
  });
  try {
    const { address, keyFile } = await start.system();
    const key = parseEnv(readFileSync(keyFile, 'utf8'))['PERENNIAL_KEY'] ?? '';
    const place = { url: address, key };
    await furnish(place);
    const went: boolean[] = [];
    for (const name of phases) went.push(await phase(name, place));
    process.exitCode = tell() && went.every(Boolean) ? 0 : 1;
  } finally {
    await start.stop();
  }
}

const data = mkdtempSync(join(tmpdir(), 'perennial-fuzz-'));
try {
  await fuzz(data);
} catch (error) {
  if (!(error instanceof NoPython)) throw error;
  say(error.message);
  process.exitCode = 69;
} finally {
  rmSync(data, { recursive: true, force: true });
}

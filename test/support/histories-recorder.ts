import type { Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Id } from '#domain/actor.js';
import { play } from '#rehearsal/play/player.js';
import { Client as Organisation } from './client.js';
import { StraightDoor } from './histories-door.js';
import { LiveGround } from './histories-live.js';
import { courses, stories } from './histories-scenarios.js';
import { isAtRest, isKept, keep } from './histories.js';
import { until, type Installation } from './live.js';
import type { Course } from './own-finding.js';

const AT_ONCE = 3;
/** Notices differ in little: so many are kept of a story, and one of a course. */
const NOTICES = 6;
/** Steps of readiness are alike in most stories; they are kept of those that are about them. */
const STEPS_OF = ['readiness', 'lived'];
const FIRST_STORY = 1_000;
const FIRST_ON_REAL_CLOCK = 500;
const EVERY = 2;

/** Plays every scenario on real servers and keeps the histories that are not there yet. */
export async function record(installation: Installation, temporal: Client): Promise<void> {
  const recorder = new Recorder(installation, temporal);
  const plays = [
    ...stories.map((_, place) => () => recorder.story(place)),
    ...courses.map((course, place) => () => recorder.course(course, place + 1)),
    ...courses
      .filter((_, place) => place % EVERY === 0)
      .map((course, place) => () => recorder.onRealClock(course, FIRST_ON_REAL_CLOCK + place)),
  ].values();
  const inTurn = async (): Promise<void> => {
    for (const next of plays) await next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
}

class Recorder {
  constructor(
    private readonly installation: Installation,
    private readonly temporal: Client,
  ) {}

  async story(place: number): Promise<void> {
    const script = stories[place];
    if (!script || isKept(script.name)) return;
    const ground = new LiveGround(this.installation);
    let organisations: readonly Id[] = [];
    const door = new StraightDoor(ground, FIRST_STORY + place, (_, plot) => {
      ({ organisations } = plot);
      return Promise.resolve();
    });
    const { unmet } = await play(script, door);
    if (unmet.length > 0) throw new Error(`${script.name}: ${JSON.stringify(unmet)}`);
    await this.keepAll(script.name, organisations, NOTICES);
  }

  async course(course: Course, number: number): Promise<void> {
    if (isKept(nameOf(course))) return;
    const client = await this.installation.client(number);
    const finding = await client.draft();
    for (const deed of client.deeds(course)) await client.deed(finding, deed);
    if (course.ending === 'ineffective') await client.waits(); // until a run goes on as a new one
    await this.keepAll(nameOf(course), [client.organisation], 1);
  }

  /** Without a sandbox an organisation lives on the real clock: nothing comes due meanwhile, and timers are set. */
  async onRealClock(course: Course, number: number): Promise<void> {
    const name = `real-clock-${nameOf(course)}`;
    if (isKept(name)) return;
    const client = await new Organisation(this.installation, number).begin();
    const finding = await client.draft();
    for (const { by, on: _, ...deed } of client.deeds(course)) {
      await client.does(by, { input: {}, ...deed, stream: finding });
      await this.settled(client.organisation);
    }
    await this.keepAll(name, [client.organisation], 1);
  }

  private async settled(organisation: Id): Promise<void> {
    await until(async () => {
      const restless = await this.installation.look(
        `select p.id from perennial.process p left join perennial.parking k on k.process = p.id
         where p.organisation = $1 and (p.told < p.last or k.seen is null or k.seen < p.last)`,
        [organisation],
      );
      return restless.length === 0;
    });
  }

  private async keepAll(scenario: string, organisations: readonly Id[], notices: number): Promise<void> {
    const counts = new Map<string, number>();
    const rows = await this.installation.look<{ id: Id; name: string }>(
      `select p.id, p.name from perennial.process p
       join perennial.ledger_entry e on e.stream = p.subject and e.version = 1
       where p.organisation = any($1) order by e.position`,
      [organisations],
    );
    for (const { id, name } of rows) {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      if (name === 'notice' && count > notices) continue;
      if (name === 'readiness-step' && !STEPS_OF.includes(scenario)) continue;
      const named = count === 1 ? scenario : `${scenario}-${String(count)}`;
      for (const [run, history] of (await this.historiesOf(id)).entries())
        keep(name, run === 0 ? named : `${named}-run-${String(run + 1)}`, history);
    }
  }

  /** Of every run of a process, the first one first. */
  private async historiesOf(id: Id): Promise<readonly History[]> {
    let last: History = {};
    await until(async () => {
      last = await this.temporal.workflow.getHandle(id).fetchHistory();
      return isAtRest(last);
    });
    const histories = [last];
    for (let run = runBefore(last); run !== undefined; run = runBefore(histories[0] ?? {}))
      histories.unshift(await this.temporal.workflow.getHandle(id, run).fetchHistory());
    return histories;
  }
}

/** The run that went on as this one. */
function runBefore({ events }: History): string | undefined {
  const run = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  return run === '' || run === null ? undefined : run;
}

/** What is said of a course, as a name: `major-plan-45-disputed-open`. */
const nameOf = ({ grade, planAfter, plansRejected, evidenceRejected, disputed, ending }: Course): string =>
  [
    ...[grade, `plan-${String(planAfter)}`],
    ...(plansRejected > 0 ? ['plan-rejected'] : []),
    ...(evidenceRejected > 0 ? ['evidence-rejected'] : []),
    ...(disputed ? ['disputed'] : []),
    ending,
  ].join('-');

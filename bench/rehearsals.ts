import { readFileSync } from 'node:fs';
import { play } from '#rehearsal/play/player.js';
import type { Script } from '#rehearsal/play/script.js';
import { inputCheck } from '../apps/cli/journey/inputs.js';
import { RehearsalDoor } from '../apps/cli/journey/rehearsal-door.js';
import { readScript } from '../apps/cli/journey/script-file.js';
import { rememberedDays, type Days } from '../apps/cli/journey/tools.js';
import { against, round, type Measured } from './statistics.js';

const SAMPLE = 'samples/customer-chat-assistant.yaml';
const ROUNDS = 4;

/**
 * Whole certifications in memory, from the charter to the next cycle, one after the other in this process, each from a seed
 * of its own; they share the days of their zone. All count, also the first, for which nothing has been compiled yet. (W16)
 */
export async function measureRehearsals(programmes: number): Promise<Measured> {
  const read = readScript(readFileSync(SAMPLE, 'utf8'), inputCheck);
  if (!('script' in read)) throw new Error(`${SAMPLE} cannot be read`);
  const days = rememberedDays();
  const times = Math.ceil(programmes / ROUNDS);
  const rounds = [];
  for (let n = 1; n <= ROUNDS; n += 1) {
    const [wall, cpu] = [performance.now(), process.cpuUsage()];
    for (let one = 0; one < times; one += 1)
      await rehearse({ ...read.script, seed: `${String(n)}/${String(one)}` }, days);
    const { user, system } = process.cpuUsage(cpu);
    rounds.push({ seconds: (performance.now() - wall) / 1000, cpuSeconds: (user + system) / 1e6 });
  }
  const whole = rounds.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const aim = { workload: 'W16', concurrency: 1 };
  return {
    rounds: rounds.map(({ seconds }, place) => ({
      ...{ workload: 'W16', side: 'ours', round: place + 1, concurrency: 1, mode: 'closed', failed: 0 },
      ...{ seconds: round(seconds), completed: times, perSecond: round(times / seconds) },
    })),
    ratios: [
      against(
        { ...aim, metric: 'programmes', against: 'minute and core', goal: '>= 1000' },
        rounds.map(({ cpuSeconds }) => (60 * times) / cpuSeconds),
      ),
      against({ ...aim, metric: 'a thousand programmes', against: 'CPU minutes', goal: '<= 1' }, [
        (whole / 60) * (1000 / (times * ROUNDS)),
      ]),
    ],
  };
}

/** A script that does not come as it says is no measure. */
async function rehearse(script: Script, days: Days): Promise<void> {
  const { unmet } = await play(script, new RehearsalDoor(days));
  if (unmet.length > 0) throw new Error(`the script is not held: ${JSON.stringify(unmet[0])}`);
}

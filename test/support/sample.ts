import type { Answer, Deed, Door, Entry, FileDeed, Hour, Joining, Stage } from '#rehearsal/play/door.js';
import { play, type Performance } from '#rehearsal/play/player.js';
import type { Script } from '#rehearsal/play/script.js';
import type { CivilDate } from '#domain/instant.js';
import { firstCertificate } from './first-certificate.js';
import { scriptIn } from './script-in.js';

const path = 'samples/customer-chat-assistant.yaml';

/** The sample of a certification from application to certificate. */
export const sample = (): Script => firstCertificate(scriptIn(path));

/** A certification that stands still before an act, until it is told to go on. */
export class HaltedPlay {
  private constructor(
    private readonly door: HaltingDoor,
    private readonly performance: Promise<Performance>,
  ) {}

  /** Plays the sample up to the first act with this command; `acted` hears of every act. */
  static async before(command: string, door: Door, acted: () => void): Promise<HaltedPlay> {
    const halting = new HaltingDoor(door, command, acted);
    const performance = play(sample(), halting);
    await Promise.race([halting.reached, performance]);
    return new HaltedPlay(halting, performance);
  }

  /** The rest of the acts, and what came of everything. */
  goesOn(): Promise<Performance> {
    this.door.letGo();
    return this.performance;
  }
}

class HaltingDoor implements Door {
  private readonly halt = Promise.withResolvers<undefined>();
  private readonly end = Promise.withResolvers<undefined>();

  constructor(
    private readonly door: Door,
    private readonly command: string,
    private readonly acted: () => void,
  ) {}

  get reached(): Promise<undefined> {
    return this.halt.promise;
  }

  letGo(): void {
    this.end.resolve(undefined);
  }

  async act(deed: Deed): Promise<Answer> {
    if (deed.command === this.command) {
      this.halt.resolve(undefined);
      await this.end.promise;
    }
    const answer = await this.door.act(deed);
    this.acted();
    return answer;
  }

  open(stage: Stage): Promise<readonly string[]> {
    return this.door.open(stage);
  }

  join(person: Joining): Promise<string> {
    return this.door.join(person);
  }

  file(file: FileDeed): Promise<string> {
    return this.door.file(file);
  }

  advance(to: CivilDate, hour: Hour): Promise<void> {
    return this.door.advance(to, hour);
  }

  settle(): Promise<void> {
    return this.door.settle();
  }

  news(): Promise<readonly Entry[]> {
    return this.door.news();
  }
}

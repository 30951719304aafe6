import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockCommand } from './lock-command.js';

/** An answer that is given again comes as the text that it is. */
export class KeptText1735689600028 implements MigrationInterface {
  name = 'KeptText1735689600028';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(lockCommand);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockCommand } from './lock-command.js';
import { readCommand } from './read-command.js';

/** Who loses a role loses the tasks that need it: commands about people look at what is in their hands, those about a task at who has it. */
export class TasksReturn1735689600014 implements MigrationInterface {
  name = 'TasksReturn1735689600014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(lockCommand + readCommand);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

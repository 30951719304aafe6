import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readCommand } from './read-command.js';

/** A rule sees what the first of two agreed to. */
export class Tasks1735689600010 implements MigrationInterface {
  name = 'Tasks1735689600010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(readCommand);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

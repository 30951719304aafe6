import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockCommand } from './lock-command.js';

/** Before it, a person who changed an account was locked after the organisation, and PostgreSQL had to break circles. */
export class LockOrder1735689600009 implements MigrationInterface {
  name = 'LockOrder1735689600009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(lockCommand);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}

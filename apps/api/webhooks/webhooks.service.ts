import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Commands } from '#database/commands.js';
import type { WebhookSecrets } from '#database/webhook-secrets.js';
import type { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { commandIn, execute } from '../things/acting.js';
import { withId } from '../things/one.js';
import { withSecret } from '../things/with-secret.js';

/** Makes what calls are signed with: the command knows its names, the answer shows the secret once, and the ledger has neither. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly source: DataSource,
    private readonly commands: Commands,
    private readonly secrets: WebhookSecrets,
  ) {}

  add(sent: Sent, caller: Caller): Promise<Answer> {
    return this.issue(sent, caller, async () => {
      const { name: pairedWith, publicKey } = await this.secrets.pair();
      return { pairedWith, publicKey };
    });
  }

  rotate(sent: Sent, caller: Caller): Promise<Answer> {
    return this.issue(sent, caller, () => Promise.resolve({}));
  }

  /** The secret is kept before the command names it: there is no endpoint whose calls could not be signed. */
  private async issue(sent: Sent, caller: Caller, more: () => Promise<Pair>): Promise<Answer> {
    const { command } = sent.route;
    if (!command) throw notFound();
    const asked = commandIn(await withId(this.source, sent, caller), command, caller);
    const pair = await more();
    const { name: signsWith, text } = await this.secrets.secret();
    const drop = (): Promise<void> =>
      this.secrets.drop([signsWith, ...(pair.pairedWith === undefined ? [] : [pair.pairedWith])]);
    const whole = { ...asked, input: { ...asked.input, ...pair, signsWith }, evidence: [] };
    const answer = await execute(this.commands, whole, caller).catch(async (error: unknown) => {
      if (error instanceof Fault) await drop();
      throw error;
    });
    if (!caller.dryRun && answer.headers['idempotency-replayed'] === undefined)
      return withSecret(answer, text);
    await drop();
    return answer;
  }
}

interface Pair {
  readonly pairedWith?: string;
  readonly publicKey?: string;
}

import { Injectable } from '@nestjs/common';
import type { Commands } from '#database/commands.js';
import { newCredential } from '#database/credentials.js';
import { organisationMachine } from '#domain/organisation/organisation.js';
import { cryptoRandom } from '#platform/ids.js';
import { thingOf } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import type { DataSource } from 'typeorm';
import type { Answer } from '../http/answer.js';
import { notFound } from '../http/fault.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { commandIn, execute } from '../things/acting.js';
import { withId } from '../things/one.js';
import { withSecret } from '../things/with-secret.js';

/** Makes keys for machines: the secret leaves once, with the answer, and only its hash is kept. */
@Injectable()
export class KeysService {
  constructor(
    private readonly source: DataSource,
    private readonly commands: Commands,
  ) {}

  async make(sent: Sent, caller: Caller): Promise<Answer> {
    const { command } = sent.route;
    if (!command) throw notFound();
    const asked = commandIn(await withId(this.source, sent, caller), command, caller);
    const secret = newCredential(
      await this.kindFor(asked.under ?? caller.organisation, caller),
      cryptoRandom,
    );
    const { hash, shown } = secret;
    const whole = { ...asked, input: { ...asked.input, hash, shown }, evidence: [] };
    return withSecret(await execute(this.commands, whole, caller), secret.text);
  }

  /** Keys of a sandbox and of the real world are told apart at sight. */
  private async kindFor(organisation: string, caller: Caller): Promise<'live' | 'test'> {
    const shown = await viewAs(this.source, caller, (client) => thingOf(client, organisation));
    return shown && organisationMachine.is(shown.thing) && shown.thing.mode === 'sandbox' ? 'test' : 'live';
  }
}

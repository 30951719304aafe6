import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { thingOf } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import { apiKeyMachine } from '#domain/api-key/api-key.js';
import { personMachine } from '#domain/person/person.js';
import { Answer } from '../http/answer.js';
import type { Caller } from '../http/visit.js';

/** Tells callers who they are. */
@Injectable()
export class SessionService {
  constructor(private readonly source: DataSource) {}

  async who(caller: Caller): Promise<Answer> {
    const { principal, organisation, scopes } = caller;
    const shown = await viewAs(this.source, caller, (client) => thingOf(client, principal));
    const thing = shown?.thing;
    const grants = thing && personMachine.is(thing) ? thing.grants : [];
    const roles =
      thing && apiKeyMachine.is(thing) ? thing.roles.map((role) => ({ role, from: thing.madeOn })) : grants;
    return new Answer(200, { principal, organisation, scopes, grants: roles });
  }
}

import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Commands } from '#database/commands.js';
import { inHandsOf } from '#database/reading/inbox.js';
import { thingOf } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import { actorOf } from '#domain/actor-of.js';
import { rolesOn, type Role } from '#domain/actor.js';
import { isAble, resolvedBy, type PersonAsked } from '#domain/task/people-asked.js';
import { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { oneOf } from '../things/one.js';

/** Who gives out tasks, and who gives out roles: what stands against a colleague is for nobody else to read. */
const MANAGERS: readonly Role[] = [
  ...(['aims-manager', 'top-management'] as const),
  ...(['programme-manager', 'scheme-administrator', 'system-administrator'] as const),
];

/** Of whom a task is asked, for those who see to it that somebody does it. */
@Injectable()
export class PeopleAskedService {
  constructor(
    private readonly source: DataSource,
    private readonly commands: Commands,
  ) {}

  async people(sent: Sent, caller: Caller): Promise<Answer> {
    const { thing } = await oneOf(this.source, sent, caller);
    if (thing.organisation !== caller.organisation) throw notFound();
    const asked = await this.commands.peopleAsked(thing.id);
    if (!asked) return new Answer(200, { object: 'peopleAsked', data: [], wouldNeed: [] });
    const { task, today, people } = asked;
    const inHands = await viewAs(this.source, caller, async (client) => {
      const me = (await thingOf(client, caller.principal))?.thing;
      const roles = me ? rolesOn(actorOf(me, []), today, task.programme) : [];
      if (!roles.some((role) => MANAGERS.includes(role)))
        throw new Fault('not-permitted', 'This is for whoever gives out tasks or roles here.');
      return inHandsOf(
        client,
        people.map(({ account }) => account),
      );
    });
    const data = people.map((one) => shown(one, inHands.get(one.account) ?? 0)).sort(ableAndFreeFirst);
    return new Answer(200, { object: 'peopleAsked', data, wouldNeed: resolvedBy(task, people) });
  }
}

const shown = (person: PersonAsked, inHands: number) => ({
  ...{ account: person.account, able: isAble(person), away: person.away, inHands },
  refusals: person.against,
});

type Shown = ReturnType<typeof shown>;

const ableAndFreeFirst = (a: Shown, b: Shown): number =>
  Number(b.able) - Number(a.able) || a.inHands - b.inHands || (a.account < b.account ? -1 : 1);

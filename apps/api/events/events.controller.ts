import { Controller } from '@nestjs/common';
import { events } from '#contract/routes/events.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Following, type Follower } from '../http/following.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { EventsService } from './events.service.js';

/** What happens, for those who follow it. */
@Controller()
export class EventsController {
  constructor(private readonly feed: EventsService) {}

  @Serves(events.feed)
  read(
    @Checked() sent: Sent,
    @Calling() caller: Caller,
    @Following() follower: Follower | undefined,
  ): Answer | Promise<Answer> {
    return follower ? this.feed.follow(sent, caller, follower) : this.feed.list(sent, caller);
  }
}

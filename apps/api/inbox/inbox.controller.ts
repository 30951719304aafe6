import { Controller } from '@nestjs/common';
import { inbox } from '#contract/routes/inbox.js';
import { ownNotices } from '#contract/routes/own-notices.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { PeopleAskedService } from './people-asked.service.js';
import { InboxService } from './inbox.service.js';
import { NoticesService } from './notices.service.js';

/** What is asked of people, and of what they are reminded. */
@Controller()
export class InboxController {
  constructor(
    private readonly inboxes: InboxService,
    private readonly routing: PeopleAskedService,
    private readonly notices: NoticesService,
  ) {}

  @Serves(inbox.list)
  list(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.inboxes.list(sent, caller);
  }

  @Serves(inbox.people)
  people(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.routing.people(sent, caller);
  }

  @Serves(inbox.counts)
  counts(@Checked() _sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.inboxes.counts(caller);
  }

  @Serves(ownNotices.list)
  listNotices(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.notices.list(sent, caller);
  }

  @Serves(ownNotices.count)
  unread(@Checked() _sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.notices.unread(caller);
  }

  @Serves(ownNotices.markAllRead)
  markAllRead(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.notices.markUpTo(sent, caller);
  }

  @Serves(ownNotices.markRead)
  markRead(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.notices.mark(sent, caller, true);
  }

  @Serves(ownNotices.markUnread)
  markUnread(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.notices.mark(sent, caller, false);
  }
}

import { Controller } from '@nestjs/common';
import { calendar, calendarFeeds } from '#contract/routes/calendars.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Knocking, type Knocker } from '../http/knocking.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { CalendarFeedsService } from './calendar-feeds.service.js';
import { CalendarService } from './calendar.service.js';

/** Dates for calendar programs. */
@Controller()
export class CalendarsController {
  constructor(
    private readonly feeds: CalendarFeedsService,
    private readonly calendars: CalendarService,
  ) {}

  @Serves(calendarFeeds.create)
  create(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.feeds.create(sent, caller);
  }

  @Serves(calendarFeeds.list)
  list(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.feeds.list(sent, caller);
  }

  @Serves(calendarFeeds.revoke)
  revoke(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.feeds.revoke(sent, caller);
  }

  @Serves(calendar)
  fetch(@Checked() sent: Sent, @Knocking() knocker: Knocker): Promise<Answer> {
    return this.calendars.fetch(sent, knocker);
  }
}

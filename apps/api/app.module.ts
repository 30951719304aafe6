import { Module, type DynamicModule } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { providers as routes } from '#contract/routes/identities.js';
import { CalendarFeeds } from '#database/calendar-feeds.js';
import { Commands } from '#database/commands.js';
import { Credentials } from '#database/credentials.js';
import { Identities } from '#database/identities.js';
import { NoticeMarks } from '#database/notice-marks.js';
import { SignIns } from '#database/sign-in.js';
import { WebhookSecrets } from '#database/webhook-secrets.js';
import type { Bell } from '#platform/bell.js';
import type { ProviderSettings } from '#platform/config.js';
import { PasswordHash } from '#platform/password-hash.js';
import type { Tracing } from '#platform/tracing.js';
import { BatchesController } from './batches/batches.controller.js';
import { BatchesService } from './batches/batches.service.js';
import { CalendarFeedsService } from './calendars/calendar-feeds.service.js';
import { CalendarService } from './calendars/calendar.service.js';
import { CalendarsController } from './calendars/calendars.controller.js';
import { EventsController } from './events/events.controller.js';
import { EventsService } from './events/events.service.js';
import { EvidenceController } from './evidence/evidence.controller.js';
import { EvidenceService } from './evidence/evidence.service.js';
import { FileStore } from './evidence/file-store.js';
import { HealthController } from './health/health.controller.js';
import { HealthService, type Documents, type Look } from './health/health.service.js';
import { PageTokens } from './http/page-token.js';
import type { Knocks } from './http/server.js';
import { InboxController } from './inbox/inbox.controller.js';
import { PeopleAskedService } from './inbox/people-asked.service.js';
import { InboxService } from './inbox/inbox.service.js';
import { NoticesService } from './inbox/notices.service.js';
import { KeysController } from './keys/keys.controller.js';
import { KeysService } from './keys/keys.service.js';
import { SessionService } from './keys/session.service.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { LedgerService } from './ledger/ledger.service.js';
import { RoadmapController } from './roadmap/roadmap.controller.js';
import { RoadmapService } from './roadmap/roadmap.service.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MetricsService } from './metrics/metrics.service.js';
import { OperationsController } from './operations/operations.controller.js';
import { OperationsService } from './operations/operations.service.js';
import { CaughtService } from './sandboxes/caught.service.js';
import { ClockService } from './sandboxes/clock.service.js';
import { SandboxesController } from './sandboxes/sandboxes.controller.js';
import { SandboxesService } from './sandboxes/sandboxes.service.js';
import { IdentitiesController } from './sign-in/identities.controller.js';
import { IdentitiesService } from './sign-in/identities.service.js';
import { PasswordsService } from './sign-in/passwords.service.js';
import { ProofsService } from './sign-in/proofs.service.js';
import { Provider } from './sign-in/provider.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { PastService } from './things/past.service.js';
import { TemplatesController } from './templates/templates.controller.js';
import { TemplatesService } from './templates/templates.service.js';
import { ThingsController } from './things/things.controller.js';
import { ThingsService } from './things/things.service.js';
import { WatchController } from './watch/watch.controller.js';
import { WatchService } from './watch/watch.service.js';
import { DeliveriesService } from './webhooks/deliveries.service.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';
import { WebhooksService } from './webhooks/webhooks.service.js';

/** What the door stands on; made outside, so that a test makes it too. */
export interface Ground extends Knocks {
  readonly source: DataSource;
  readonly evidenceFolder: string;
  /** Where people reach us. */
  readonly publicUrl: string;
  /** By whom people sign in beside us. */
  readonly providers: readonly ProviderSettings[];
  readonly pageSecret: string;
  readonly looks: Readonly<Record<string, Look>>;
  readonly documents: Documents;
  readonly tracing: Tracing;
  /** Called when there is something to do for the worker. */
  readonly committed: () => void;
  /** Rings when a worker has come to the end of an operation. */
  readonly over: Bell;
}

/** A name for the module; what it holds is made below. */
@Module({})
export class AppModule {}

/** The module of the API: its parts are made by hand, one by one, so nothing is found by magic. */
export function appModule({
  source,
  evidenceFolder,
  pageSecret,
  looks,
  documents,
  tracing,
  committed,
  over,
  registry,
  ...comingIn
}: Ground): DynamicModule {
  const commands = new Commands(source, { tracing, committed });
  const now = (): number => Date.now();
  const tokens = new PageTokens(pageSecret, now);
  const operations = new OperationsService(source, committed, over);
  const things = new ThingsService(source, commands, tokens);
  const made = [
    things,
    ...[new BatchesService(things), new PeopleAskedService(source, commands)],
    new PastService(source, commands, tokens, now),
    new RoadmapService(source, now),
    ...personalServices(source, tokens, comingIn.publicUrl, now),
    new TemplatesService(source),
    new LedgerService(source, tokens),
    new EventsService(source, now),
    new KeysService(source, commands),
    new WebhooksService(source, commands, new WebhookSecrets(source)),
    new DeliveriesService(source, commands, tokens),
    ...signingIn(source, comingIn, tokens),
    new SandboxesService(source, commands, new Credentials(source), tokens),
    operations,
    new ClockService(operations),
    new WatchService(source, tokens, operations),
    new CaughtService(source, tokens),
    new EvidenceService(source, commands, new FileStore(evidenceFolder)),
    ...[new HealthService(looks, documents), new MetricsService(source, registry)],
  ];
  return {
    module: AppModule,
    controllers: [
      ...[HealthController, ThingsController, InboxController, RoadmapController, TemplatesController],
      ...[LedgerController, BatchesController, EventsController, KeysController, SandboxesController],
      ...[EvidenceController, OperationsController, WatchController, SignInController, IdentitiesController],
      ...[MetricsController, CalendarsController, WebhooksController],
    ],
    providers: made.map((service) => ({ provide: service.constructor, useValue: service })),
  };
}

/** Who one is, and by what people come in: passwords, and identities at providers. */
function signingIn(
  source: DataSource,
  { publicUrl, providers }: Pick<Ground, 'publicUrl' | 'providers'>,
  tokens: PageTokens,
) {
  const [signIns, hash, identities] = [new SignIns(source), new PasswordHash(), new Identities(source)];
  const all = providers.map((one) => {
    const back = routes.callback.path.replace('{provider}', one.name);
    return new Provider(one, `${publicUrl}${back}`, Date.now);
  });
  return [
    new SessionService(source),
    ...[new SignInService(signIns, hash), new PasswordsService(signIns, hash)],
    new ProofsService(all, identities, signIns, publicUrl.startsWith('https:')),
    new IdentitiesService(identities, all, tokens),
  ];
}

/** What is asked of one person, of what they are reminded, and their calendars. */
function personalServices(source: DataSource, tokens: PageTokens, publicUrl: string, now: () => number) {
  const feeds = new CalendarFeeds(source);
  return [
    new InboxService(source, tokens, now),
    new NoticesService(source, new NoticeMarks(source), tokens),
    new CalendarFeedsService(source, feeds, tokens, publicUrl),
    new CalendarService(source, feeds, new SignIns(source), now),
  ];
}

import { Controller } from '@nestjs/common';
import { identities, providers } from '#contract/routes/identities.js';
import { passwords } from '#contract/routes/session.js';
import type { Answer } from '../http/answer.js';
import { Calling } from '../http/calling.js';
import { Knocking, type Knocker } from '../http/knocking.js';
import { Checked, type Sent } from '../http/sent.js';
import { Serves } from '../http/serves.js';
import type { Caller } from '../http/visit.js';
import { IdentitiesService } from './identities.service.js';
import { passwordPage } from './password-page.js';
import { proofPage } from './proof-page.js';
import { ProofsService } from './proofs.service.js';

/** How people show at a provider who they are, and what they do with the proof. */
@Controller()
export class IdentitiesController {
  constructor(
    private readonly proofs: ProofsService,
    private readonly identities: IdentitiesService,
  ) {}

  @Serves(providers.begin)
  begin(@Checked() sent: Sent, @Knocking() knocker: Knocker): Promise<Answer> {
    return this.proofs.begin(sent, knocker);
  }

  @Serves(providers.callback)
  end(@Checked() sent: Sent, @Knocking() knocker: Knocker): Promise<Answer> {
    return this.proofs.end(sent, knocker);
  }

  @Serves(providers.page)
  proof(): Answer {
    return proofPage();
  }

  @Serves(passwords.page)
  password(): Answer {
    return passwordPage(this.proofs.names);
  }

  @Serves(providers.signIn)
  signIn(@Checked() sent: Sent, @Knocking() knocker: Knocker): Promise<Answer> {
    return this.identities.signIn(sent, knocker);
  }

  @Serves(identities.list)
  list(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.identities.list(sent, caller);
  }

  @Serves(identities.link)
  link(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.identities.link(sent, caller);
  }

  @Serves(identities.linkByLink)
  linkByLink(@Checked() sent: Sent): Promise<Answer> {
    return this.identities.linkByLink(sent);
  }

  @Serves(identities.remove)
  remove(@Checked() sent: Sent, @Calling() caller: Caller): Promise<Answer> {
    return this.identities.remove(sent, caller);
  }
}

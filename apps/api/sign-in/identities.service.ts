import { Injectable } from '@nestjs/common';
import { hash } from 'node:crypto';
import { linkBody, linkByLinkBody, proofBody } from '#contract/routes/identities.js';
import { isWellFormed, newCredential } from '#database/credentials.js';
import type { Identities, Kept, Linked, NotLinked, Shown } from '#database/identities.js';
import { cryptoRandom, machineSource, newId } from '#platform/ids.js';
import { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import type { Knocker } from '../http/knocking.js';
import { pageOfRows } from '../http/page.js';
import type { PageTokens } from '../http/page-token.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { chosen } from './chosen.js';
import type { Provider } from './provider.js';

/** What is done with a proof of an identity: somebody signs in by it, or links it to their account. */
@Injectable()
export class IdentitiesService {
  constructor(
    private readonly identities: Identities,
    private readonly providers: readonly Provider[],
    private readonly tokens: PageTokens,
  ) {}

  async signIn({ body }: Sent, { device }: Knocker): Promise<Answer> {
    const { account, ...given } = proofBody.parse(body);
    const shown = shownBy(given);
    const accounts = await this.identities.find(shown);
    if (accounts === undefined) throw notLinked('proof-invalid');
    if (accounts.length === 0) throw unknown();
    const { principal, organisation } = chosen(accounts, account);
    const credential = newCredential('person', cryptoRandom);
    const expiresAt = await this.identities.open(shown, principal, { credential, device });
    if (expiresAt === undefined) throw notLinked('proof-invalid');
    const opened = { token: credential.text, principal, organisation, expiresAt };
    return new Answer(201, opened, { 'cache-control': 'no-store' });
  }

  async link({ body }: Sent, caller: Caller): Promise<Answer> {
    const shown = shownBy(linkBody.parse(body));
    return linked(await this.identities.link(shown, newId('idn', machineSource), caller));
  }

  async linkByLink({ body }: Sent): Promise<Answer> {
    const { link, ...given } = linkByLinkBody.parse(body);
    if (!isWellFormed(link)) throw notLinked('link-invalid');
    return linked(await this.identities.linkByLink(shownBy(given), newId('idn', machineSource), link));
  }

  list(sent: Sent, caller: Caller): Promise<Answer> {
    return pageOfRows(this.tokens, sent, caller, async (limit, before) => {
      const rows = await this.identities.list(caller.principal, before, limit);
      return rows.map((row) => ({ place: row.id, row: this.listed(row) }));
    });
  }

  async remove({ params }: Sent, { principal }: Caller): Promise<Answer> {
    if (!(await this.identities.remove(principal, params['id'] ?? ''))) throw notFound();
    return new Answer(204, undefined);
  }

  private listed(row: Kept): object {
    const provider = this.providers.find(({ issuer }) => issuer === row.issuer)?.name ?? null;
    return { ...row, object: 'identity', provider };
  }
}

/** A proof together with what its flow was begun with: one alone opens nothing. */
function shownBy({ proof, verifier }: { readonly proof: string; readonly verifier: string }): Shown {
  if (!isWellFormed(proof)) throw notLinked('proof-invalid');
  return { proof, challenge: hash('sha256', verifier, 'base64url') };
}

function linked(came: Linked): Answer {
  if ('refused' in came) throw notLinked(came.refused);
  return new Answer(201, came, { 'cache-control': 'no-store' });
}

const unknown = (): Fault =>
  new Fault('identity-unknown', 'Nobody who belongs to an organisation here has linked it.');

const words: Readonly<Record<NotLinked, string>> = {
  'proof-invalid': 'It was used, it is over, or somebody else has begun.',
  'link-invalid': 'It was used, another one was used, or it is over.',
  'identity-taken': 'One identity opens the accounts of one person with one mail address.',
  'sign-in-not-fresh': 'What opens an account is changed by somebody who has just signed in.',
  'person-required': 'Keys and people of sandboxes have no identities.',
};

const notLinked = (code: NotLinked): Fault => new Fault(code, words[code]);

import { Injectable } from '@nestjs/common';
import { hash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import { evidenceWords } from '#contract/routes/evidence.js';
import type { Commands } from '#database/commands.js';
import { EvidenceFiles } from '#database/evidence.js';
import { thingOf } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import { isDatabaseAway } from '#database/sqlstate.js';
import { evidenceMachine } from '#domain/evidence/evidence.js';
import { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { execute } from '../things/acting.js';
import type { Arrived, FileStore } from './file-store.js';
import { agreedType } from './media-type.js';
import type { Upload } from './upload.js';

type Words = z.output<typeof evidenceWords>;

/** Files come in as a stream and are recorded by a command; what is refused leaves no file behind. */
@Injectable()
export class EvidenceService {
  private readonly files: EvidenceFiles;

  constructor(
    private readonly source: DataSource,
    private readonly commands: Commands,
    private readonly store: FileStore,
  ) {
    this.files = new EvidenceFiles(source);
  }

  async record({ id, words, said, content }: Upload, caller: Caller): Promise<Answer> {
    const arrived = await this.store.take(content, id);
    const does = async () => {
      const known = { ...arrived, type: checked(words, said, arrived) };
      const answer = await this.issue({ words, arrived: known }, caller);
      return { stays: !caller.dryRun, result: { known, answer } };
    };
    const { known, answer } = await this.store.keep(arrived, { does, isInDoubt: isDatabaseAway });
    if (!caller.dryRun) await this.keepRow(known, caller);
    return answer;
  }

  async content({ params }: Sent, caller: Caller): Promise<Answer> {
    const shown = await viewAs(this.source, caller, (client) =>
      thingOf(client, params['id'] ?? '', 'evidence'),
    );
    if (!shown || !evidenceMachine.is(shown.thing)) throw notFound();
    const { sha256, bytes, type } = shown.thing;
    if (!(await this.store.has(sha256))) throw notFound();
    return new Answer(200, this.store.read(sha256), {
      'content-type': type,
      'content-length': String(bytes),
      'content-disposition': `attachment; filename="${sha256.slice(0, 16)}"`,
      'content-security-policy': 'sandbox',
      'cache-control': 'private, immutable, max-age=31536000',
      etag: `"${sha256}"`,
    });
  }

  private async issue({ words, arrived }: Issue, caller: Caller): Promise<Answer> {
    const { under, effectiveOn, reason, sha256: _s, type: _t, ...said } = words;
    const { sha256, bytes, type } = arrived;
    const asked = {
      type: 'recordEvidence',
      evidence: [],
      input: { ...said, sha256, bytes, type },
      ...(under === undefined ? {} : { under }),
      ...(effectiveOn === undefined ? {} : { effectiveOn }),
      ...(reason === undefined ? {} : { reason }),
    };
    const fingerprint = hash('sha256', JSON.stringify([words, sha256]));
    return execute(this.commands, asked, { ...caller, fingerprint });
  }

  /** After the commit: a retry of the request makes the row when this time it cannot be made. */
  private async keepRow({ sha256, bytes, type }: Arrived, { organisation }: Caller): Promise<void> {
    await this.files.keep(organisation, { sha256, bytes, type, path: this.store.pathOf(sha256) });
  }
}

interface Issue {
  readonly words: Words;
  readonly arrived: Arrived;
}

function checked({ sha256, type }: Words, said: string | undefined, arrived: Arrived): string {
  if (sha256 !== undefined && sha256 !== arrived.sha256)
    throw new Fault('content-digest-mismatch', `The content has the hash ${arrived.sha256}.`);
  const agreed = agreedType(type ?? said, arrived.type);
  if (agreed === undefined) throw new Fault('media-type-mismatch', `By its content this is ${arrived.type}.`);
  return agreed;
}

import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { asOrganisation } from './reading/view.js';
import { inTransaction, valueOf } from './transaction.js';

/** A stored file: by the hash of its bytes, where it lies in the store, and what it is. */
export interface StoredFile {
  readonly sha256: string;
  readonly bytes: number;
  readonly type: string;
  readonly path: string;
}

/** Which files an organisation has stored; the files themselves lie in a store that is addressed by their hash. */
export class EvidenceFiles {
  constructor(private readonly source: DataSource) {}

  /** Keeps the row of a file that lies in the store already; the same file twice is one row. */
  async keep(organisation: Id, { sha256, bytes, type, path }: StoredFile): Promise<void> {
    await inTransaction(this.source, asOrganisation(organisation), (client) =>
      client.query(
        `insert into perennial.evidence_content (organisation, sha256, bytes, type, path) values ($1, $2, $3, $4, $5)
         on conflict do nothing`,
        [organisation, sha256, bytes, type, path],
      ),
    );
  }

  /** Whether anything that was recorded rests on a file, of whichever organisation. */
  async isRecorded(sha256: string): Promise<boolean> {
    return (await valueOf<boolean>(this.source, 'is_recorded($1)', [sha256])) === true;
  }
}

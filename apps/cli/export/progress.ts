import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Mistyped } from '../api/mistyped.js';
import { writeWhole } from './half-file.js';

const fileShape = z.object({
  name: z.string(),
  rows: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  /**
   * Rows that changed meanwhile and could not be read as they stood at the place, since both was recorded at one instant: on the
   * clock of a sandbox, which stands still.
   */
  newer: z.int(),
  /** Rows that were left out, as they have no place in the feed: they are another organisation's, or were just made. */
  elsewhere: z.int(),
});

const halfShape = z.object({
  name: z.string(),
  rows: z.int(),
  bytes: z.int(),
  newer: z.int(),
  elsewhere: z.int(),
  /** Where it goes on: the cursor of the feed, or the token of a page. */
  next: z.string().nullable(),
  whole: z.boolean(),
});

const askedShape = z.object({
  organisation: z.string(),
  principal: z.string(),
  format: z.enum(['ndjson', 'csv']),
  lists: z.array(z.string()),
});

const progressShape = z.object({
  asked: askedShape,
  /** The place in the feed up to which things are exported. */
  through: z.string(),
  done: z.array(fileShape),
  half: halfShape.nullable(),
});

/** What is exported, for whom, and in which form. */
export type Asked = z.infer<typeof askedShape>;
/** How far an export is: kept beside its files after each page, so that one that is stopped goes on. */
export type Progress = z.infer<typeof progressShape>;
/** A file that is being written. */
export type Half = z.infer<typeof halfShape>;
export type Done = z.infer<typeof fileShape>;

/** What says of an export that it is complete, and what is in it. */
export interface Manifest extends Asked {
  readonly object: 'export';
  readonly through: string;
  readonly files: readonly Done[];
}

const PROGRESS = '.export.json';
const MANIFEST = 'manifest.json';

/** The folder of one export. */
export class ExportFolder {
  constructor(readonly path: string) {}

  /** How far it is; nothing for one that has not begun. @throws Mistyped for the folder of something else */
  read(asked: Asked): Progress | undefined {
    const path = join(this.path, PROGRESS);
    if (existsSync(join(this.path, MANIFEST)))
      throw new Mistyped([`${this.path}: there is a complete export; name another folder.`]);
    if (!existsSync(path)) {
      if (readdirSync(this.path).some((name) => !name.startsWith(PROGRESS)))
        throw new Mistyped([
          `${this.path}: there is something else; name an empty folder, or one that is not there.`,
        ]);
      return undefined;
    }
    const progress = progressShape.parse(JSON.parse(readFileSync(path, 'utf8')));
    if (JSON.stringify(progress.asked) !== JSON.stringify(asked))
      throw new Mistyped([
        `${this.path}: another export began here (${JSON.stringify(progress.asked)}); name another folder.`,
      ]);
    return progress;
  }

  async keep(progress: Progress): Promise<void> {
    await writeWhole(join(this.path, PROGRESS), JSON.stringify(progress));
  }

  /** With its manifest an export is complete. */
  async complete({ asked, through, done }: Progress): Promise<Manifest> {
    const manifest: Manifest = { object: 'export', ...asked, through, files: done };
    await writeWhole(join(this.path, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    rmSync(join(this.path, PROGRESS));
    return manifest;
  }
}

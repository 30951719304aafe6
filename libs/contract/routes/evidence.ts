import {
  evidenceKinds,
  evidenceMachine,
  type RecordEvidence,
  type SupersedeEvidence,
} from '#domain/evidence/evidence.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { route } from '../route.js';
import { acted, circumstances, civilDate, id, sha256, text, thingShape } from '../shapes.js';

/** The media types of evidence, each with the bytes by which its content is known. */
export const mediaTypes = [
  ...(['application/pdf', 'text/plain', 'text/csv', 'application/json', 'image/png', 'image/jpeg'] as const),
  ...(['application/zip', 'application/octet-stream'] as const),
] as const;

/** The files behind the facts. */
export const evidence = collection({
  name: 'evidence',
  title: 'Evidence',
  machine: evidenceMachine,
  shows: {
    sha256: z.string().meta({ description: 'The hash of its bytes.' }),
    bytes: z.int().meta({ description: 'How many there are.' }),
    type: z.string().meta({ description: 'Its media type.' }),
    documentKind: z.string().meta({ description: 'What it is.' }),
    datedOn: z.string().nullable().meta({ format: 'date', description: 'The day that it bears.' }),
    approvedBy: z.string().nullable().meta({ description: 'Who approved it.' }),
  },
  inputs: {
    supersedeEvidence: z.strictObject({ by: id('evd') }) satisfies z.ZodType<SupersedeEvidence>,
  },
});

/** What is said of a file while it is sent: a part `metadata` in front of the part `file`. */
export const evidenceWords = z
  .strictObject({
    reason: circumstances.reason,
    effectiveOn: circumstances.effectiveOn,
    under: id('prg', 'rdy', 'aud', 'fnd', 'dec', 'crt', 'org').exactOptional(),
    documentKind: z.enum(evidenceKinds).meta({ description: 'What it is.' }),
    title: text(500).exactOptional(),
    datedOn: civilDate(),
    approvedBy: id('per').exactOptional(),
    sha256: sha256().exactOptional().meta({ description: 'When given, the content must have this hash.' }),
    type: z
      .enum(mediaTypes)
      .exactOptional()
      .meta({ description: 'Its media type, when the part does not say it.' }),
  })
  .meta({ id: 'EvidenceWords', description: 'What is said of a file.' }) satisfies z.ZodType<
  Pick<RecordEvidence, 'documentKind' | 'datedOn'>
>;

/** Files come in by one call and go out by one. */
export const evidenceFiles = {
  upload: route({
    name: 'recordEvidence',
    does: 'Stores a file and records it as evidence; multipart, with a part `metadata` before the part `file`.',
    kind: 'upload',
    path: '/v1/evidence',
    answer: thingShape
      .omit({ texts: true, createdAt: true })
      .extend(acted)
      .meta({ id: 'EvidenceRecorded', description: 'Evidence as it was recorded.' }),
    problems: ['content-digest-mismatch', 'media-type-mismatch'],
    command: { type: 'recordEvidence', kind: 'evidence', prefix: 'evd', under: 'under' },
  }),
  content: route({
    name: 'getEvidenceContent',
    does: 'Sends the file, as an attachment.',
    kind: 'read',
    path: '/v1/evidence/{id}/content',
    file: '*/*',
    answer: z.unknown().meta({ description: 'The bytes of the file.' }),
  }),
};

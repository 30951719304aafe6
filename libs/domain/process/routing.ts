import type { Id } from '../actor.js';

/** Which fact opens which process. The process is about the thing on whose stream the fact stands. */
export const opens: Readonly<Record<string, string>> = {
  'programme.opened': 'certification-cycle',
  'step.opened': 'readiness-step',
  'audit.opened': 'audit',
  'nonconformity.raised': 'corrective-action',
  'dossier.opened': 'decision',
  'certificate.granted': 'certificate',
  'surveillance.forecast': 'surveillance',
  'recertification.forecast': 'recertification',
  'notice.ordered': 'notice',
};

/** The id of a process, and of its run in Temporal: what it is, and of which thing. */
export const processId = (process: string, subject: Id): string => `${process}/${subject}`;

/** The name and the subject in a process id. */
export function partsOf(process: string): { readonly name: string; readonly subject: Id } {
  const [name = '', subject = ''] = process.split('/');
  return { name, subject };
}

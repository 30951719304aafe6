import { DefaultFailureConverter } from '@temporalio/common';

/** Texts of failures go into a payload, which is encrypted. Temporal loads it by the name of the file and of this. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });

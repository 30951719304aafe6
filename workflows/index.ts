// Temporal finds processes by these names. One line each.
import { audit as auditProcess } from './audit.js';
import { certificate as certificateProcess } from './certificate.js';
import { certificationCycle as certificationCycleProcess } from './certification-cycle.js';
import { correctiveAction as correctiveActionProcess } from './corrective-action.js';
import { decision as decisionProcess } from './decision.js';
import { notice as noticeProcess } from './notice.js';
import { recertification as recertificationProcess } from './recertification.js';
import { surveillance as surveillanceProcess } from './surveillance.js';
import { readinessStep as readinessStepProcess } from './readiness-step.js';
import { dailyWatch, onTemporal } from './temporal.js';

export const certificationCycle = onTemporal(certificationCycleProcess);
export const readinessStep = onTemporal(readinessStepProcess);
export const audit = onTemporal(auditProcess);
export const correctiveAction = onTemporal(correctiveActionProcess);
export const decision = onTemporal(decisionProcess);
export const certificate = onTemporal(certificateProcess);
export const surveillance = onTemporal(surveillanceProcess);
export const recertification = onTemporal(recertificationProcess);
export const notice = onTemporal(noticeProcess);
export { dailyWatch };

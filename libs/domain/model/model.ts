import type { CivilDate } from '../instant.js';
import { LIMIT, acting, isDecided, type Model } from './decisions.js';
import { afterMove, moves } from './findings.js';
import { names, type Step } from './staff.js';

// A small model of findings, their decision and the certificate, against which the machines are tried.

/** What the model says: the state after, or nothing when the step is refused. */
export function foretold(model: Model, step: Step, today: CivilDate): Model | undefined {
  if (!(step.does in moves)) return acting[step.does]?.(model, step, today);
  const around = { today, limit: LIMIT, decided: isDecided(model) };
  const next = afterMove(model.findings[step.which], step, around);
  if (!next) return undefined;
  const [body, own] = model.findings;
  return { ...model, findings: step.which === 0 ? [next, own] : [body, next] };
}

/** The names of all commands that are tried. */
export const commands: readonly string[] = [...Object.keys(moves), ...Object.keys(acting)];

/** One in how many choices takes a step that leads to an end, or back: so seldom that runs come far all the same. */
const seldom: Readonly<Record<string, number>> = {
  ...{ endProgramme: 40, closeDossier: 40, retractFinding: 20, disputeFinding: 10, regradeFinding: 10 },
  ...{ returnToAuditor: 4, askForInformation: 4, rejectPlan: 4, rejectEvidence: 4 },
};

/** True for a step that would say again what is said already. */
function isIdle(does: string, item: string, { dossier, certificate }: Model): boolean {
  if (does === 'addToDossier') return dossier.items.includes(item);
  if (does === 'assignDecisionMaker') return dossier.makers.length > 0;
  return does === 'draftCertificate' && certificate.at === 'draft';
}

const STRIDE = 7;

/** A step like this one that the model allows now; most steps of a run are such. `choice` says where the search begins. */
export function allowed(model: Model, like: Step, today: CivilDate, choice: number): Step | undefined {
  const { which, grade, days, ahead, item, maker } = like;
  for (let n = 0; n < commands.length; n += 1) {
    const does = commands[(choice + n * STRIDE) % commands.length] ?? '';
    if (choice % (seldom[does] ?? 1) > 0 || (isIdle(does, item, model) && choice % 20 > 0)) continue;
    const able = names
      .map((who) => ({ does, who, which, grade, days, ahead, item, maker }))
      .filter((step) => foretold(model, step, today));
    const step = able[choice % able.length];
    if (step) return step;
  }
  return undefined;
}

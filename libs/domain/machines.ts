import type { Id } from './actor.js';
import { apiKeyMachine } from './api-key/api-key.js';
import { auditMachine } from './audit/audit.js';
import { auditTimeMachine } from './audit-time/audit-time.js';
import { competenceMachine } from './competence/competence.js';
import { evidenceMachine } from './evidence/evidence.js';
import type { Machine } from './machine.js';
import { certificateMachine } from './certificate/certificate.js';
import { decisionMachine } from './decision/decision.js';
import { nonconformityMachine } from './nonconformity/nonconformity.js';
import { observationMachine, opportunityMachine } from './nonconformity/remark.js';
import { noticeMachine } from './notice/notice.js';
import { organisationMachine } from './organisation/organisation.js';
import { personMachine } from './person/person.js';
import { policyVersionMachine } from './policy-version/policy-version.js';
import { programmeMachine } from './programme/programme.js';
import { recertificationMachine } from './recertification/recertification.js';
import { surveillanceMachine } from './surveillance/surveillance.js';
import { readinessMachine } from './readiness/readiness.js';
import { taskMachine } from './task/task.js';
import { webhookEndpointMachine } from './webhook-endpoint/webhook-endpoint.js';

/** Every machine, by the kind of thing whose life it is. */
export const machines: Readonly<Record<string, Machine>> = {
  certificate: certificateMachine,
  surveillance: surveillanceMachine,
  recertification: recertificationMachine,
  dossier: decisionMachine,
  nonconformity: nonconformityMachine,
  observation: observationMachine,
  opportunity: opportunityMachine,
  task: taskMachine,
  programme: programmeMachine,
  'readiness-step': readinessMachine,
  'audit-time': auditTimeMachine,
  organisation: organisationMachine,
  person: personMachine,
  apiKey: apiKeyMachine,
  webhookEndpoint: webhookEndpointMachine,
  evidence: evidenceMachine,
  notice: noticeMachine,
  policyVersion: policyVersionMachine,
  competence: competenceMachine,
  audit: auditMachine,
};

/** The machine of a kind; an unknown kind is a defect. */
export function machineOf(kind: string): Machine {
  const machine = machines[kind];
  if (!machine) throw new RangeError(`no machine is called ${kind}`);
  return machine;
}

const ableTo = Map.groupBy(
  Object.values(machines).flatMap((machine) =>
    Object.keys(machine.commands).map((command) => ({ command, machine })),
  ),
  ({ command }) => command,
);

/**
 * The machine that knows a command. Two machines may use the same word (the application review and the decision both ask for
 * information): the id of the thing, by its prefix, says which one is meant.
 */
export function machineWith(command: string, stream?: Id): Machine {
  const able = ableTo.get(command) ?? [];
  const one = able.find(({ machine: { prefix } }) => stream?.startsWith(`${prefix}_`)) ?? able[0];
  if (!one) throw new RangeError(`no machine knows the command ${command}`);
  return one.machine;
}

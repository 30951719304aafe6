/** The steps of readiness, 0 to 12, by their names. (SM-1) */
export const stepNames = [
  'charter',
  'scope',
  'gap analysis',
  'policies, treatment and controls',
  'documentation',
  'operation',
  'internal audit and management review',
  'choice of the certification body',
  'Stage 1',
  'findings',
  'Stage 2',
  'certificate',
  'maintenance',
] as const;

export type StepName = (typeof stepNames)[number];

/** Everything that can be owed, in English; a reader of another language has words of their own for each. */
export const owedWords = [
  'signature of the agreement while the proposal is valid',
  'decision on the first certification',
  'a progress review',
  'acceptance of the team, or an objection',
  'audit plan to the client',
  'report of the audit to the client',
  'a new declaration of conflicts of interest',
  'answers to the areas of concern',
  'judgement whether the result of Stage 1 still holds',
  'Stage 2 on this result of Stage 1',
  'plan for correction and corrective action',
  'review of the plan',
  'review of the evidence',
  'look at the effectiveness of the corrective action',
  'verified correction and corrective action of a major',
  'verification of a major within six months of Stage 2',
  'verification of a major before the certificate expires',
  'decision on the dossier',
  'decision before the certificate expires',
  'restoration after expiry',
  'acknowledgement of the instructions for marks',
  'surveillance by the date of the programme',
  'surveillance audit',
  'information on changes since the last audit',
  'what follows from a missed surveillance',
  'start of the recertification',
  'recertification audit',
  'decision on the recertification',
  'somebody who may do this task',
  ...stepNames.map((name) => `the step ${name}` as const),
] as const;

export type OwedWords = (typeof owedWords)[number];

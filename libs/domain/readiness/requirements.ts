// The 68 items of a gap assessment, each with a few words of our own: 30 items of clauses and 38 controls. (R-SOA-1)

/** The clauses 4 to 10, item by item. */
export const clauseItems = {
  '4.1': 'the organisation, its context and its roles towards AI systems',
  '4.2': 'interested parties and what they require',
  '4.3': 'the scope of the management system',
  '4.4': 'the management system and its processes',
  '5.1': 'leadership and commitment',
  '5.2': 'the AI policy',
  '5.3': 'who answers for what',
  '6.1.1': 'risks, opportunities and risk criteria',
  '6.1.2': 'how risk is assessed',
  '6.1.3': 'how risk is treated, and the statement of applicability',
  '6.1.4': 'how impacts of AI systems are assessed',
  '6.2': 'AI objectives and how they are reached',
  '6.3': 'changes that are planned',
  '7.1': 'resources',
  '7.2': 'competence',
  '7.3': 'awareness',
  '7.4': 'communication',
  '7.5': 'documented information',
  '8.1': 'planning and control of operation',
  '8.2': 'risk assessments that were carried out',
  '8.3': 'risk treatment that was carried out',
  '8.4': 'impact assessments that were carried out',
  '9.1': 'monitoring, measuring and evaluating',
  '9.2.1': 'internal audits at planned intervals',
  '9.2.2': 'the programme of internal audits',
  '9.3.1': 'reviews by top management',
  '9.3.2': 'what goes into a review',
  '9.3.3': 'what comes out of a review',
  '10.1': 'continual improvement',
  '10.2': 'nonconformity and corrective action',
} as const;

/** The 38 controls of Annex A. */
export const controlItems = {
  'A.2.2': 'a policy for AI',
  'A.2.3': 'its fit with other policies',
  'A.2.4': 'its review on a rhythm',
  'A.3.2': 'roles and duties',
  'A.3.3': 'a way to raise concerns',
  'A.4.2': 'the resources of each system, written down',
  'A.4.3': 'data resources',
  'A.4.4': 'tools',
  'A.4.5': 'computing',
  'A.4.6': 'people and their skills',
  'A.5.2': 'how impacts are assessed',
  'A.5.3': 'assessments, written down and kept',
  'A.5.4': 'effects on persons and groups',
  'A.5.5': 'effects on society',
  'A.6.1.2': 'aims of responsible development',
  'A.6.1.3': 'processes of responsible design and development',
  'A.6.2.2': 'requirements of a system',
  'A.6.2.3': 'documented design and development',
  'A.6.2.4': 'verification and validation',
  'A.6.2.5': 'deployment by plan',
  'A.6.2.6': 'operation and monitoring',
  'A.6.2.7': 'technical documentation',
  'A.6.2.8': 'event logs',
  'A.7.2': 'managing data for development',
  'A.7.3': 'how data is acquired',
  'A.7.4': 'quality of data',
  'A.7.5': 'provenance of data',
  'A.7.6': 'preparation of data',
  'A.8.2': 'information for users',
  'A.8.3': 'reports from outside',
  'A.8.4': 'telling of incidents',
  'A.8.5': 'information owed to interested parties',
  'A.9.2': 'processes of responsible use',
  'A.9.3': 'aims of responsible use',
  'A.9.4': 'use as intended',
  'A.10.2': 'who answers for what along the chain',
  'A.10.3': 'suppliers',
  'A.10.4': 'customers',
} as const;

export type RequirementId = keyof typeof clauseItems | keyof typeof controlItems;

const isKeyOf = <T extends object>(table: T, word: string): word is keyof T & string =>
  Object.hasOwn(table, word);

/** True for one of the 68 items. */
export const isRequirement = (word: string): word is RequirementId =>
  isKeyOf(clauseItems, word) || isKeyOf(controlItems, word);

/** True for an item that can be declared not applicable. (R-SOA-1) */
export const isControl = (word: string): boolean => isKeyOf(controlItems, word);

/** The ids of all 68 items, in the order of the standard. */
export const requirementIds: readonly RequirementId[] = [
  ...Object.keys(clauseItems),
  ...Object.keys(controlItems),
].filter(isRequirement);

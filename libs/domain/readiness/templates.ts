import type { EvidenceKind } from '../evidence/evidence.js';
import { clauseItems, controlItems, isControl, requirementIds, type RequirementId } from './requirements.js';
import type { Ratings } from './step.js';

// Documents to begin with, as Markdown: filled with what the programme knows, and with what most organisations start from.

/** What a document is filled with. */
export interface Known {
  /** The scope in the words of the application; absent before it. */
  readonly scope?: string;
  /** The AI systems in scope: what each is called, and the client's roles towards it. */
  readonly systems: readonly { readonly name: string; readonly roles: readonly string[] }[];
  readonly ratings: Ratings;
}

/** A document to begin with. */
export interface Template {
  readonly name: string;
  readonly title: string;
  /** What it is once it is filed as evidence. */
  readonly documentKind: EvidenceKind;
  /** What follows the head of the page, line by line. */
  readonly body: (known: Known) => readonly string[];
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();
const rowOf = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

/** A table; rows are filled up with empty cells. */
const table = (heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  ...[rowOf(heads), rowOf(heads.map(() => '---'))],
  ...rows.map((cells) => rowOf(heads.map((_, place) => cells[place] ?? ''))),
];

/** A heading with something to be written under each. */
const chapters = (...titles: readonly string[]): readonly string[] =>
  titles.flatMap((title) => [`## ${title}`, '', '…', '']);

/** The systems, or one line to be filled where none is in scope yet. */
const eachSystem = ({ systems }: Known): readonly string[] =>
  systems.length > 0 ? systems.map(({ name }) => name) : [''];

const words: Readonly<Record<RequirementId, string>> = { ...clauseItems, ...controlItems };

/** What can go wrong with most AI systems, and the controls that one looks at first. */
const usualRisks: readonly (readonly [what: string, whom: string, ...controls: readonly RequirementId[]])[] =
  [
    ['A wrong result is acted upon', 'those about whom it is', 'A.6.2.4', 'A.9.2'],
    ['Groups of people are treated worse than others', 'persons and groups', 'A.5.4', 'A.7.4'],
    ['Data is not good enough, or no longer like the world', 'users', 'A.7.4', 'A.6.2.6'],
    ['People rely on it too much, or do not know that it is AI', 'users', 'A.8.2', 'A.9.4'],
    ['Personal or secret data gets out', 'persons, the organisation', 'A.4.3', 'A.7.3'],
    ['A supplier changes the model or the service', 'the organisation', 'A.10.3', 'A.6.2.5'],
    ['A failure is not noticed, or nobody acts on it', 'all of these', 'A.6.2.6', 'A.6.2.8', 'A.8.4'],
  ];

const riskHeads = [
  ...['System', 'What may happen', 'Whom it harms', 'Treatment', 'Controls', 'Likelihood', 'Consequence'],
  ...['Level', 'Owner', 'By', 'Level left', 'Accepted by'],
];

const applies = (ratings: Ratings, id: RequirementId): string =>
  ratings[id]?.rating === 'notApplicable' ? 'no' : 'yes';

const inPlace: Readonly<Record<string, string>> = {
  ...{ conforms: 'in place', partly: 'in part', doesNotConform: 'to be done' },
};

/** A gap that an internal audit looks at first. */
const isGap = (ratings: Ratings, id: RequirementId): boolean =>
  ['partly', 'doesNotConform'].includes(ratings[id]?.rating ?? '');

/** All documents to begin with. */
export const templates: readonly Template[] = [
  {
    ...{ name: 'objectives', title: 'AI objectives', documentKind: 'objectives' },
    body: () =>
      table(
        ['Objective', 'Measured by', 'Aim', 'Owner', 'By', 'Reviewed'],
        [
          ['Safety: nobody comes to harm by it', 'incidents that harmed somebody, each quarter', '0'],
          ['Fairness: groups are treated alike', 'largest difference between groups', ''],
          ['Transparency: people know, and get an explanation', 'days until one who asks has it', ''],
          ['Reliability: results are good enough', 'share of results found wrong', ''],
          ['Oversight: people can step in', 'cases handed to people, and how long they waited', ''],
        ],
      ),
  },
  {
    ...{ name: 'risk-register', title: 'Risk register', documentKind: 'riskAssessment' },
    body: (known) => [
      ...['Likelihood and consequence from 1 (small) to 5 (large); the level is their product.', ''],
      ...table(
        riskHeads,
        eachSystem(known).flatMap((system) =>
          usualRisks.map(([what, whom, ...controls]) => [system, what, whom, 'reduce', controls.join(', ')]),
        ),
      ),
    ],
  },
  {
    ...{ name: 'statement-of-applicability', title: 'Statement of applicability' },
    documentKind: 'statementOfApplicability',
    body: ({ ratings }) =>
      table(
        ['Control', 'About', 'Applies', 'State', 'Why', 'Where it is described'],
        requirementIds
          .filter(isControl)
          .map((id) => [id, words[id], applies(ratings, id), inPlace[ratings[id]?.rating ?? ''] ?? '']),
      ),
  },
  {
    ...{ name: 'impact-assessment', title: 'Impact assessment', documentKind: 'impactAssessment' },
    body: (known) =>
      eachSystem(known).flatMap((system) =>
        chapters(
          `${system}: what it is for, and who decides in the end`,
          `${system}: who is affected, and who of them can least help themselves`,
          `${system}: what it can do to persons and groups when it works, when it fails, when it is misused`,
          `${system}: what it can do to society`,
          `${system}: what is done about it, what is left, and who accepts that`,
          `${system}: when this is looked at again, and at which changes`,
        ),
      ),
  },
  {
    ...{ name: 'internal-audit-report', title: 'Internal audit', documentKind: 'internalAuditReport' },
    body: ({ ratings }) => [
      ...['Nobody audits their own work. Auditors: …', ''],
      ...table(
        ['Item', 'About', 'A gap before', 'What was seen', 'Finding'],
        requirementIds
          .toSorted((a, b) => Number(isGap(ratings, b)) - Number(isGap(ratings, a)))
          .map((id) => [id, words[id], isGap(ratings, id) ? 'yes' : '']),
      ),
    ],
  },
  {
    ...{ name: 'management-review', title: 'Minutes of the management review' },
    documentKind: 'managementReviewRecord',
    body: () =>
      table(
        ['Point', 'What was said', 'Decided', 'Who', 'By'],
        [
          ...[
            'What came of earlier decisions',
            'Changes outside and inside',
            'What interested parties expect',
          ],
          ...['Objectives and their figures', 'Nonconformities and corrective action', 'Results of audits'],
          ...['Risks, impacts and incidents', 'Resources', 'What is to become better'],
        ].map((point) => [point]),
      ),
  },
  {
    ...{ name: 'corrective-action', title: 'Corrective action', documentKind: 'correctiveAction' },
    body: () =>
      chapters(
        ...[
          'What was found, against which requirement, and how it shows',
          'Correction: what was put right at once',
        ],
        ...[
          'How far it reaches: where else it was looked for',
          'Cause, and the method by which it was found',
        ],
        ...['Corrective action: what removes the cause; owner and date', 'What shows that it was done'],
        'What shows, after some time, that it helped',
      ),
  },
];

/** The document as Markdown. */
export const written = ({ title, body }: Template, known: Known): string => {
  const systems = known.systems.map(({ name, roles }) => `${name} (${roles.join(', ')})`);
  return [
    ...[`# ${title}`, ''],
    ...table(['Version', 'Date', 'Approved by'], [['1']]),
    ...['', `Scope: ${known.scope ?? '…'}`, '', `AI systems: ${systems.join('; ') || '…'}`, ''],
    ...body(known),
    '',
  ].join('\n');
};

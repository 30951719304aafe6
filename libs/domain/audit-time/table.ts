/** One band of a table: up to so many people, and the half days for one AI role and for several. */
export interface Band {
  readonly upTo: number;
  readonly one: number;
  readonly several: number;
}

/** A table of audit time, as a scheme administrator loads it. Times are in half days of an auditor. (R-MD5-1) */
export interface AuditTimeTable {
  readonly name: string;
  /** Where the values come from; shown wherever a number that rests on them is shown. */
  readonly label: string;
  readonly allowReductions: boolean;
  readonly bands: readonly Band[];
}

/** Invented values, to show the mechanics. They stand in no document and certify nobody. (I-10) */
const bands: readonly Band[] = [
  { upTo: 10, one: 8, several: 10 },
  { upTo: 25, one: 10, several: 12 },
  { upTo: 45, one: 12, several: 15 },
  { upTo: 85, one: 15, several: 18 },
  { upTo: 175, one: 18, several: 22 },
  { upTo: 425, one: 22, several: 27 },
  { upTo: 1175, one: 27, several: 33 },
  { upTo: 10_000, one: 34, several: 42 },
];

/** The tables that are loaded. Both are demonstrations: a body loads the licensed one in their place. (R-MD5-1, I-10) */
export const auditTimeTables: Readonly<Record<string, AuditTimeTable>> = {
  demonstration: {
    name: 'demonstration',
    label: 'demonstration values, invented, without reductions',
    allowReductions: false,
    bands,
  },
  'demonstration-with-reductions': {
    name: 'demonstration-with-reductions',
    label: 'demonstration values, invented, with reductions',
    allowReductions: true,
    bands,
  },
};

/** The half days for so many people; none when the table does not reach so far. */
export const timeFor = (
  table: AuditTimeTable,
  people: number,
  roles: 'one' | 'several',
): number | undefined => table.bands.find(({ upTo }) => people <= upTo)?.[roles];

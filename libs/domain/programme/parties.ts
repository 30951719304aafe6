import type { Id, Side } from '../actor.js';
import type { Thing } from '../machine.js';

/** How the body takes part: as an organisation with people here, or as a record that the client keeps. */
export type BodyMode = 'hosted' | 'mirrored';

/** Who is joined by a programme: one client and, from the application on, one certification body. (R-GEN-6) */
export type Parties = Partial<Record<Side, Id>> & { readonly bodyMode?: BodyMode };

interface Joining extends Thing, Parties {
  readonly kind: 'programme';
}

const joins = (thing: Thing): thing is Joining => thing.kind === 'programme' && thing.stage !== 'none';

/** The two sides of a programme, if it is among the things that were read. */
export function partiesOf(things: readonly Thing[], programme: Id | undefined): Parties | undefined {
  return things.find((thing): thing is Joining => thing.id === programme && joins(thing));
}

/** The programme to which a thing belongs; a programme belongs to itself. */
export const programmeOf = ({ kind, id, programme }: Thing): Id | undefined =>
  kind === 'programme' ? id : programme;

/** What was read for a command: the thing, that under which a new one is made, and what else a rule looks at. */
export interface Around {
  readonly subject: Thing;
  readonly under?: Thing | undefined;
  readonly things: readonly Thing[];
}

/** Where a command happens: the thing itself, or that under which a new one is made. */
export const placeOf = ({ subject, under }: Around): Thing =>
  subject.stage === 'none' && under ? under : subject;

export const knownIn = ({ subject, under, things }: Around): readonly Thing[] => [
  subject,
  ...(under ? [under] : []),
  ...things,
];

/** The two sides of the programme in which a command happens. */
export function partiesAt(around: Around): Parties | undefined {
  const { subject, under, things } = around;
  const programme = programmeOf(placeOf(around));
  return partiesOf(under ? [subject, under] : [subject], programme) ?? partiesOf(things, programme);
}

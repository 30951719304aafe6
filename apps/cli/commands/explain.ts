import type { Command } from 'commander';
import { inWords, type Basis } from '#domain/explanation.js';
import { clientFor, ending, printJson } from '../api/act.js';
import { explain, type Explained, type Explanation, type Fact } from '../api/explanation.js';
import type { Typed } from '../api/typed.js';
import { print } from '../output.js';
import { clean } from '../show/texts.js';
import { placeOptions } from './collections.js';

const ACTS = 5;

/** `perennial explain`: why each date of a thing is as it is, down to what people did. */
export function registerExplain(program: Command): void {
  const command = program
    .command('explain')
    .description(
      'why each date is as it is: what is owed, by which rule, and what people did that it counts from',
    )
    .argument('<id>', 'id or number of a thing; of a programme, also what its things owe')
    .argument('[date]', 'one of its dates only, by the name that is shown');
  placeOptions().forEach((option) => command.addOption(option));
  command.action((id: string, name: string | undefined, typed: Typed) =>
    ending(typed, async () => {
      const explanation = await explain(clientFor(typed), id, name);
      if (typed['json'] === true) printJson({ thing: explanation.thing, dates: explanation.dates });
      else linesOf(explanation).forEach((line) => print(clean(line)));
    }),
  );
}

function linesOf({ thing, dates, dayOf }: Explanation): readonly string[] {
  const { number, id, object, state } = thing;
  const heading = `${[number, object, state].filter((word) => word !== null).join('  ')}  ${id}`;
  if (dates.length === 0) return [heading, '', 'It owes nothing by a date.'];
  return [heading, ...dates.flatMap((one) => ['', ...dateLines(one, thing.id, dayOf)])];
}

type DayOf = Explanation['dayOf'];

function dateLines(one: Explained, own: string, dayOf: DayOf): readonly string[] {
  const { name, what, thing, owedBy, date, setBy, ofThatDay } = one;
  const by = owedBy.length > 0 ? `owed by ${owedBy.join(', ')}` : '';
  const heading = [date.date, name, what, by, thing === own ? '' : thing].filter((part) => part !== '');
  return [
    heading.join('  '),
    `  ${date.kind === 'hard' ? 'hard: a rule sets it, and there is no grace' : 'soft: it falls on a business day'}`,
    `  ${inWords(date)}`,
    ...date.basis.flatMap(policyWords),
    ...setBy.map((fact) => `  set by      ${factWords(fact, dayOf)}`),
    ...ofThatDay.slice(0, ACTS).map((fact) => `  that day    ${factWords(fact, dayOf)}`),
    ...(ofThatDay.length > ACTS ? [`  and ${String(ofThatDay.length - ACTS)} more acts of that day`] : []),
  ];
}

/** The value of the policy that counts, in its edition. */
const policyWords = ({ rule, operation, policy }: Basis): readonly string[] =>
  policy === undefined
    ? []
    : [
        `  by policy   ${policy.key} is ${String(policy.value)} in edition ${String(policy.version)} (${rule}, ${operation})`,
      ];

const factWords = ({ type, stream, version, actor, ...fact }: Fact, dayOf: DayOf): string =>
  `${type} on ${dayOf(fact)} by ${actor.id} as ${actor.role}  (${stream} v${String(version)})`;

import type { Command } from 'commander';
import { routes } from '#contract/routes/all.js';
import { leastBody } from '../../../test/api/support/bodies.js';
import { callFlags } from '../commands/collections.js';
import { makeProgram } from '../program.js';
import { membersOf, shapeOf } from './members.js';
import { checked } from './typed.js';
import { verbsOf } from './verbs.js';

const verbs = verbsOf(routes);

const leaves = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);

test('every route is behind exactly one command, and its parameters tell it from another of the same name', () => {
  const found = verbs.flatMap((verb) => verb.routes);
  expect(found.length).toBe(routes.length);
  expect(new Set(found)).toEqual(new Set(routes));
  for (const { routes: own } of verbs)
    expect(new Set(own.map(({ params }) => params.length)).size).toBe(own.length);
});

test('the words are those of the addresses', () => {
  const words = verbs.map(({ group, name }) => `${group} ${name}`);
  expect(words).toEqual(
    expect.arrayContaining([
      ...['programmes list', 'findings show', 'findings raise-nonconformity', 'tasks claim-task'],
      ...[
        'sandboxes advance',
        'sandboxes act-as',
        'evidence record-evidence',
        'session show',
        'system ready',
      ],
    ]),
  );
});

test('the whole program has all of them, with a flag for each member, and help that tells the exit codes', async () => {
  const program = await makeProgram(['completion']);
  const all = leaves(program);
  for (const { group, name, routes: own } of verbs) {
    const parent = program.commands.find((one) => one.name() === group);
    const command =
      parent?.commands.find((one) => one.name() === name && one.description() === own[0].does) ??
      parent?.commands.find((one) => one.description() === own[0].does);
    expect([group, name, command === undefined]).toEqual([group, name, false]);
    const flags = command?.options.map(({ long }) => long) ?? [];
    const members = [...membersOf(shapeOf(own[0])), ...membersOf(own[0].query)];
    const wrong = members.filter(({ flag, secret }) => secret === flags.includes(flag));
    expect([name, wrong]).toEqual([name, []]);
    expect(flags).toEqual(expect.arrayContaining(['--json', '--url', '--data']));
  }
  expect(all.length).toBeGreaterThan(verbs.length);
});

test('no flag anywhere takes a secret, and none of a call has the name of a member', async () => {
  const flags = leaves(await makeProgram(['completion'])).flatMap(({ options }) =>
    options.map(({ long }) => long),
  );
  expect(flags.filter((flag) => /^--(key|token|password|secret)$/.test(flag ?? ''))).toEqual([]);
  const members = routes.flatMap((route) => [...membersOf(shapeOf(route)), ...membersOf(route.query)]);
  const names = new Set<string>(callFlags);
  expect(members.filter(({ name, flag }) => names.has(name) || flag.startsWith('--no-'))).toEqual([]);
});

test('a body that is typed member by member is the body that was meant, for every route', () => {
  for (const route of routes) {
    const shape = shapeOf(route);
    if (shape === undefined || route.kind === 'upload') continue;
    const body = leastBody(route);
    const members = membersOf(shape);
    const typed = Object.fromEntries(
      Object.entries(body).map(([name, value]) => {
        const form = members.find((one) => one.name === name)?.form;
        if (form === 'yesNo') return [name, value];
        if (form === 'list') return [name, [JSON.stringify(value)]];
        return [name, typeof value === 'object' ? JSON.stringify(value) : String(value)];
      }),
    );
    expect([route.name, checked(shape, members, typed)]).toEqual([route.name, body]);
  }
});

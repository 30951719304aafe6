// What a tool can hold, it holds: the caps are the same for all, and no comment in the code can lift them
// (noInlineConfig). Broken on purpose, rule by rule, in test/planted.
import tseslint from 'typescript-eslint';

const globals = (message, ...names) => ['error', ...names.map((name) => ({ name, message }))];
const everywhere = [
  { selector: 'ExportAllDeclaration', message: 'name what you export' },
  { selector: 'ExportDefaultDeclaration', message: 'named exports only' },
];
/** A branded constructor returns what it has just checked, cast. Nowhere else is there a cast. */
const cast = {
  selector:
    ":not(ReturnStatement, ArrowFunctionExpression) > TSAsExpression:not([typeAnnotation.typeName.name='const'])",
  message: 'parse at the edge, then trust the type; only what a function returns may be branded',
};
const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'libs/platform/config.ts reads the environment, once',
};
const clock = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: 'time comes in as an argument',
};
const wait = {
  selector: ':matches(AwaitExpression, :function[async=true])',
  message: 'the domain does not wait',
};
const temporal = {
  selector: 'ImportDeclaration[source.value=/^@temporalio/]',
  message: 'a process knows its primitives, and nothing of Temporal',
};
/** A later block replaces the list of an earlier one, so each block composes the whole. */
const syntax = (...more) => ({ 'no-restricted-syntax': ['error', ...everywhere, ...more] });

const caps = {
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
  complexity: ['error', { max: 10, variant: 'modified' }],
  'max-params': ['error', 4],
  'no-console': 'error',
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
};

const names = [
  'error',
  {
    selector: ['typeLike', 'function'],
    format: null,
    custom: { regex: '(Manager|Utils?|Impl|Data|Info)$|^(Base|Abstract)[A-Z]|^I[A-Z][a-z]', match: false },
  },
];

export default tseslint.config(
  {
    ignores: ['dist/', '.cache/', '.perennial/', '.perennial-test/', 'coverage/', 'test/planted/'],
  },
  { linterOptions: { noInlineConfig: true } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      ...caps,
      ...syntax(environment, cast),
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // It is called deprecated so that it stands out: for a provider of identities on this machine alone.
      '@typescript-eslint/no-deprecated': [
        'error',
        { allow: [{ from: 'package', package: 'openid-client', name: 'allowInsecureRequests' }] },
      ],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/naming-convention': names,
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['libs/platform/config.ts'], rules: syntax(cast) },
  {
    files: ['libs/domain/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      ...syntax(environment, cast, clock, wait),
      'no-restricted-globals': globals(
        'the domain is told; it does not look',
        ...['process', 'fetch', 'crypto', 'performance', 'console'],
        ...['setTimeout', 'setInterval', 'Intl', 'Buffer'],
      ),
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'time comes in as an argument' },
        { object: 'Math', property: 'random', message: 'chance comes in as an argument' },
      ],
    },
  },
  {
    files: ['workflows/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': globals(
        'not in the sandbox: ask the run',
        ...[
          'process',
          'fetch',
          'crypto',
          'setTimeout',
          'setInterval',
          'Intl',
          'WeakRef',
          'FinalizationRegistry',
        ],
      ),
    },
  },
  {
    files: ['workflows/*.ts'],
    ignores: ['**/*.spec.ts', 'workflows/index.ts', 'workflows/temporal.ts'],
    rules: syntax(environment, cast, temporal),
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: { ...syntax(), 'max-lines-per-function': 'off' },
  },
  {
    files: ['**/*.mjs'],
    rules: { ...caps, 'no-restricted-syntax': ['error', everywhere[0]] },
  },
);

// Jest runs the TypeScript source as ES modules (node --experimental-vm-modules); SWC strips the types.
const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2024',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testMatch,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': swc },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.(cache|perennial|perennial-test)/'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^#(domain|contract|database|platform|client|rehearsal)/(.*)\\.js$': '<rootDir>/libs/$1/$2.ts',
    '^#workflows/(.*)\\.js$': '<rootDir>/workflows/$1.ts',
  },
  ...more,
});

/** One PostgreSQL for the whole run; and one Temporal dev server, for those that need it. */
const postgres = {
  globalSetup: '<rootDir>/test/support/start-postgres.mjs',
  globalTeardown: '<rootDir>/test/support/stop-servers.mjs',
};
const temporal = { ...postgres, globalSetup: '<rootDir>/test/support/start-servers.mjs' };

export default {
  testTimeout: 30_000,
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  testSequencer: '<rootDir>/test/support/long-first.mjs',
  projects: [
    project('unit', ['<rootDir>/{apps,libs,workflows,bench}/**/*.spec.ts', '<rootDir>/test/*.spec.ts']),
    project(
      'database',
      ['<rootDir>/test/database/**/*.spec.ts', '<rootDir>/test/ledger/**/*.spec.ts'],
      postgres,
    ),
    project('workflows', ['<rootDir>/test/workflows/**/*.spec.ts'], temporal),
    project('api', ['<rootDir>/test/api/**/*.spec.ts'], temporal),
    project('launch', ['<rootDir>/test/launch/**/*.spec.ts']),
  ],
};

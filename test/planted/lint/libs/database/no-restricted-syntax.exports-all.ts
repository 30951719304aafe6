export * from './no-restricted-syntax.casts.js';

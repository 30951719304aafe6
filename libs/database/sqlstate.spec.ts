import { isDatabaseAway, isOverrun } from './sqlstate.js';

const error = (message: string, code?: string): Error =>
  Object.assign(new Error(message), code ? { code } : {});

test.each([
  error('connect ECONNREFUSED 127.0.0.1:5433', 'ECONNREFUSED'),
  error('terminating connection due to administrator command', '57P01'),
  error('the database system is starting up', '57P03'),
  error('Connection terminated unexpectedly'),
  error('Client has encountered a connection error and is not queryable'),
  error('timeout exceeded when trying to connect'),
])('a line that is gone is no defect: $message', (away) => {
  expect(isDatabaseAway(away)).toBe(true);
});

test.each([
  error('duplicate key', '23505'),
  error('column x does not exist', '42703'),
  'Connection terminated',
])('what PostgreSQL says of a statement is not', (other) => {
  expect(isDatabaseAway(other)).toBe(false);
});

test.each([
  error('canceling statement due to lock timeout', '55P03'),
  error('terminating connection due to transaction timeout', '25P04'),
  error('deadlock detected', '40P01'),
])('who waited in vain may ask again: $message', (overrun) => {
  expect(isOverrun(overrun)).toBe(true);
});

test('a statement that PostgreSQL does not accept is no matter of waiting', () => {
  expect(isOverrun(error('column x does not exist', '42703'))).toBe(false);
});

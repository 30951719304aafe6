import { Bell } from './bell.js';

const LONG_MS = 60_000;

describe('A bell', () => {
  it('lets everybody go on who waits', async () => {
    const bell = new Bell();
    const waiting = Promise.all([bell.after(bell.rings, LONG_MS), bell.after(bell.rings, LONG_MS)]);
    bell.ring();
    await expect(waiting).resolves.toHaveLength(2);
  });

  it('is not missed when it rings between the look and the wait', async () => {
    const bell = new Bell();
    const before = bell.rings;
    bell.ring();
    await expect(bell.after(before, LONG_MS)).resolves.toBeUndefined();
  });

  it('is waited for no longer than was said', async () => {
    const bell = new Bell();
    await expect(bell.after(bell.rings, 1)).resolves.toBeUndefined();
    expect(bell.rings).toBe(0);
  });
});

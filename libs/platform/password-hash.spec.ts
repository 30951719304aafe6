import { PasswordHash, TooBusy } from './password-hash.js';

const hash = new PasswordHash();
const HERE = '203.0.113.1';

test('a password is known again, and no other one is', async () => {
  const phc = await hash.of('seven grey pelicans', HERE);
  expect(phc).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await hash.matches('seven grey pelicans', phc, HERE)).toBe(true);
  expect(await hash.matches('seven grey pelican', phc, HERE)).toBe(false);
  expect(await hash.of('seven grey pelicans', HERE)).not.toBe(phc);
});

test('it is known from another keyboard, which writes its letters in another way', async () => {
  const phc = await hash.of('caf\u00e9 au lait', HERE);
  expect(await hash.matches('cafe\u0301 au lait', phc, HERE)).toBe(true);
});

test('it is known by the parameters with which it was kept', async () => {
  const phc = await hash.of('seven grey pelicans', HERE);
  expect(await hash.matches('seven grey pelicans', phc.replace('t=3', 't=2'), HERE)).toBe(false);
});

test.each([null, '', '$argon2id$v=19$m=65536,t=3,p=1$', '$2b$10$abc'])(
  'nobody has a password that is kept as %j',
  async (phc) => {
    expect(await hash.matches('', phc, HERE)).toBe(false);
  },
);

test('a short line waits, in which one place holds a share; who finds no room is told', async () => {
  const busy = new PasswordHash(1, 3, 2);
  const waiting = ['a', 'a', 'a'].map((place) => busy.of('seven grey pelicans', place));
  await expect(busy.of('seven grey pelicans', 'a')).rejects.toThrow(TooBusy);
  const other = busy.of('seven grey pelicans', 'b');
  await expect(busy.of('seven grey pelicans', 'c')).rejects.toThrow(TooBusy);
  expect((await Promise.all([...waiting, other])).every((phc) => phc.startsWith('$argon2id$'))).toBe(true);
  expect(await busy.matches('x', null, 'a')).toBe(false);
});

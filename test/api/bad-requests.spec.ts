import { bodyWith, leastBody, membersOf, schemaOf } from './support/bodies.js';
import { ApiDoor, type Sent } from './support/door.js';
import { addressOf, changing, closed, each, recording, taking } from './support/generated.js';
import type { Somebody } from './support/people.js';
import { problemIn, speak } from './support/raw.js';
import { tracesOf, type Traces } from './support/traces.js';
import { SmallWorld } from './support/world.js';

let door: ApiDoor;
let ana: Somebody;
let programme: string;
let before: Traces;
beforeAll(async () => {
  door = await ApiDoor.open();
  const world = await SmallWorld.make(door);
  ana = await world.person('client', 'aims-manager');
  programme = await world.programme(ana);
  before = await tracesOf(door);
}, 180_000);
afterAll(() => door.close());

const asking = (more: Sent): Sent => ({ token: ana.token, key: 'bad-requests', ...more });
const post = (body: string, headers: Record<string, string> = {}) =>
  door.problem('POST', '/v1/programmes', asking({ body, headers }));
const right = { governingZone: 'Europe/Vienna' };

test.each([
  ['an open brace', '{'],
  ['a member without a value', '{"governingZone":}'],
  ['single quotes', "{'governingZone':'Europe/Vienna'}"],
  ['a comma behind the last member', '{"governingZone":"Europe/Vienna",}'],
  ['a number that is none', '{"governingZone":NaN}'],
  ['a comment', '{"governingZone":"Europe/Vienna"} // here'],
  ['two values', '{}{}'],
  ['a name that reaches into prototypes', '{"__proto__":{"governingZone":"Europe/Vienna"}}'],
  ['half of a surrogate pair', '{"governingZone":"\\ud800"}'],
  ['a zero byte', '{"governingZone":"a\\u0000b"}'],
  ['a zero byte in a name', '{"\\u0000":1}'],
  ['17 levels', `{"a":${'['.repeat(16)}${']'.repeat(16)}}`],
  ['a hundred thousand levels', '['.repeat(100_000) + ']'.repeat(100_000)],
])('%s is no JSON that the door reads', async (_, body) => {
  const problem = await post(body);
  expect(problem).toMatchObject({ code: 'malformed-json', status: 400, rules: [], retryable: false });
  expect(problem.hint).toContain('JSON object in UTF-8');
});

test('bytes that are not UTF-8 are refused', async () => {
  const body = Buffer.concat([
    Buffer.from('{"governingZone":"'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"}'),
  ]);
  const head = `POST /v1/programmes HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ana.token}\r\nidempotency-key: x\r\n`;
  const kind = `content-type: application/json\r\ncontent-length: ${String(body.length)}\r\n\r\n`;
  expect(problemIn(await speak(door, head + kind, body))).toMatchObject({ code: 'malformed-json' });
});

test.each(['null', '[]', '[{"governingZone":"Europe/Vienna"}]', '"Europe/Vienna"', '17', 'true'])(
  '%s is JSON, and no object',
  async (body) => {
    const problem = await post(body);
    expect(problem).toMatchObject({ code: 'invalid-body', errors: [{ pointer: '', code: 'wrong-type' }] });
  },
);

test.each([
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'application/jsonx',
  'json',
  '*/*',
])('the media type %s is not taken for a body', async (type) => {
  const problem = await post(JSON.stringify(right), { 'content-type': type });
  expect(problem).toMatchObject({ code: 'media-type-not-supported', status: 415 });
  expect(problem.hint).toContain('application/json');
});

test('no route but the upload of evidence takes a form', async () => {
  const form = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n';
  const codes = await each(taking, async (route) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    return (await door.problem('POST', addressOf(route), asking({ version: 1, body: form, headers }))).code;
  });
  expect([...new Set(codes)]).toEqual(['media-type-not-supported']);
});

test('10 MB of JSON are refused, announced or not, and nobody is left hanging', async () => {
  const large = JSON.stringify({ ...right, reason: 'x'.repeat(10_000_000) });
  expect(await post(large)).toMatchObject({ code: 'body-too-large', status: 413 });
  const head = `POST /v1/programmes HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ana.token}\r\nidempotency-key: x\r\n`;
  const kind = 'content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
  const chunk = `${(1_000_000).toString(16)}\r\n${'x'.repeat(1_000_000)}\r\n`;
  const heard = await speak(door, head + kind, ...Array.from({ length: 10 }, () => chunk), '0\r\n\r\n');
  expect(problemIn(heard)).toMatchObject({
    code: 'body-too-large',
    hint: expect.stringContaining('1 MiB') as string,
  });
  expect(await door.send('GET', '/livez')).toMatchObject({ status: 200 });
});

test('headers of 17 KiB are refused as a problem', async () => {
  const heard = await speak(
    door,
    `GET /v1/session HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(17 * 1024)}\r\n\r\n`,
  );
  expect(problemIn(heard)).toMatchObject({ code: 'headers-too-large', status: 431 });
});

test.each([
  'what is this\r\n\r\n',
  'GET /v1/session HTTP/9.9\r\n\r\n',
  'GET /livez HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n',
])('what is not HTTP is answered with a problem: %j', async (said) => {
  expect(problemIn(await speak(door, said))).toMatchObject({ code: 'malformed-request', status: 400 });
});

test('whatever stands in place of an id or a name, no address makes the door fail', async () => {
  const words = [
    ...['%00', '%ff', '%F0%9F', '..%2f..', "'", '%25', 'x'.repeat(150), 'x'.repeat(5_000)],
    ...['%E2%80%AE', '-1', '%20'],
  ];
  const paths = closed.filter(({ path }) => path.includes('{')).map((route, row) => ({ route, row }));
  const answers = await each(paths, async ({ route, row }) => {
    const found: string[] = [];
    for (const word of [words[row % words.length] ?? '', words[(row + 5) % words.length] ?? '']) {
      const body = route.body ? { body: leastBody(route) } : {};
      const path = route.path.replaceAll(/\{\w+\}/g, word);
      const { code } = await door.problem(route.method, path, asking({ version: 1, ...body }));
      if (code !== 'not-found' && code !== 'malformed-request') found.push(`${route.name} ${word}: ${code}`);
    }
    return found;
  });
  expect(answers.flat()).toEqual([]);
}, 180_000);

test('a zero byte in a parameter is refused', async () => {
  for (const path of ['/v1/findings?state=%00', '/v1/tasks?queue=a%00b', '/v1/obligations?thing=%00'])
    expect(await door.problem('GET', path, asking({}))).toMatchObject({ code: 'invalid-parameter' });
});

test('a text with a zero byte, or half of a pair, is refused by every route that takes one, and minus zero is zero', async () => {
  const answers = await each(taking, async (route) => {
    const texts = membersOf(schemaOf(route) ?? {}).filter(({ schema }) => schema.type === 'string');
    const codes: string[] = [];
    for (const word of ['a\u0000', '\ud800']) {
      const body = bodyWith(texts.map((member) => [member, word]));
      codes.push((await door.problem('POST', addressOf(route), asking({ version: 1, body }))).code);
    }
    return codes;
  });
  expect([...new Set(answers.flat())]).toEqual(['malformed-json']);
});

test('an address that does not exist is not found, and one with another method says which it knows', async () => {
  for (const path of [
    '/',
    '/v1',
    '/v1/nothing',
    '/v1/findings/',
    '/v1//findings',
    '/V1/findings',
    '/v1/findings/x/y/z',
  ])
    expect([path, (await door.problem('GET', path, asking({}))).code]).toEqual([path, 'not-found']);
  const answers = await each(changing, async (route) => {
    const got = await door.send('DELETE', addressOf(route), asking({}));
    return `${String(got.status)} ${String(got.headers['allow'])}`;
  });
  expect([...new Set(answers)]).toEqual(['405 POST']);
  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])
    expect([method, (await door.problem(method, '/v1/programmes', asking({}))).code]).toEqual([
      ...[method, 'method-not-allowed'],
    ]);
});

test.each(['text/html', 'image/png', 'application/xml, text/*;q=0.5'])(
  'an answer as %s is not to be had',
  async (accept) => {
    const problem = await post(JSON.stringify(right), { accept });
    expect(problem).toMatchObject({ code: 'not-acceptable', status: 406, hint: 'Accept application/json.' });
  },
);

test.each([
  ['nothing', ''],
  ['a space', 'two words'],
  ['256 characters', 'x'.repeat(256)],
  ['a letter beyond ASCII', 'schl\u00fcssel'],
])('an Idempotency-Key has 1 to 255 visible ASCII characters: %s', async (_, key) => {
  const sent = { token: ana.token, key, body: right };
  const problem = await door.problem('POST', '/v1/programmes', sent);
  expect(problem).toMatchObject({ code: 'idempotency-key-invalid', status: 400 });
});

test('without an Idempotency-Key nothing that records is done, and the hint shows one', async () => {
  const answers = await each(recording, async (route) => {
    const { code, hint } = await door.problem('POST', addressOf(route), {
      ...{ token: ana.token, version: 1, body: leastBody(route) },
    });
    return `${code} ${String(hint?.includes('Idempotency-Key: '))}`;
  });
  expect([...new Set(answers)]).toEqual(['idempotency-key-missing true']);
});

test.each(['8', '*', '"8', '"8", "9"', '""', '"-1"', '"1e3"', '"0x8"', '"9999999999"', 'W/8'])(
  'If-Match names one version with its quotes, and not %s',
  async (tag) => {
    const sent = asking({ body: { cause: 'withdrawn' }, headers: { 'if-match': tag } });
    const problem = await door.problem('POST', `/v1/programmes/${programme}/end-programme`, sent);
    expect(problem).toMatchObject({ code: 'invalid-parameter', errors: [{ parameter: 'If-Match' }] });
  },
);

test.each(['True', '1', 'yes', ''])(
  'whether it is a dry run is said with true or false, not %j',
  async (word) => {
    const sent = asking({ body: right, headers: { 'perennial-dry-run': word } });
    const problem = await door.problem('POST', '/v1/programmes', sent);
    expect(problem).toMatchObject({
      code: 'invalid-parameter',
      errors: [{ parameter: 'Perennial-Dry-Run' }],
    });
  },
);

test('nothing of all this has left anything behind', async () => {
  expect(await tracesOf(door)).toEqual(before);
});

import { createHook } from 'node:async_hooks';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OutgoingCalls } from './outgoing-call.js';
import { isPublic, PublicAddresses, type Resolve, type Ways } from './public-address.js';

// Addresses that lead behind somebody's walls, in every form that we know of; the sockets of this program are watched meanwhile.

/** The first and the last address of each net that is nobody's to call, and some that attackers like. */
const private4 = [
  ...['0.0.0.0', '0.0.0.1', '0.255.255.255', '10.0.0.0', '10.1.2.3', '10.255.255.255'],
  ...['100.64.0.0', '100.100.100.200', '100.127.255.255', '127.0.0.0', '127.0.0.1', '127.255.255.255'],
  ...['169.254.0.0', '169.254.169.254', '169.254.170.2', '169.254.255.255', '172.16.0.0', '172.17.0.1'],
  ...['172.31.255.255', '192.0.0.0', '192.0.0.192', '192.0.0.255', '192.0.2.0', '192.0.2.255', '192.88.99.1'],
  ...['192.168.0.0', '192.168.1.1', '192.168.255.255', '198.18.0.0', '198.19.255.255', '198.51.100.7'],
  ...['203.0.113.9', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255'],
];

const private6 = [
  ...['::', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:a9fe:a9fe'],
  ...[
    '::127.0.0.1',
    '::ffff:8.8.8.8',
    'fe80::1',
    'febf::1',
    'fec0::1',
    'fc00::1',
    'fd00:ec2::254',
    'fdff::1',
  ],
  ...['ff02::1', 'ff05::2', '64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '100::1'],
  ...[
    '2001::1',
    '2001:0:7f00:1::',
    '2001:2::1',
    '2001:10::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
  ],
  ...['2002:c0a8:101::1', '2002:a00:1::', '3fff::1', '5f00::1', '::ffff:0:127.0.0.1', '4000::1', 'e000::1'],
];

const numbersOf = (address: string): readonly number[] => address.split('.').map(Number);
const wholeOf = (address: string): number =>
  numbersOf(address).reduce((sum, number) => sum * 256 + number, 0);
const hex = (number: number): string => `0x${number.toString(16)}`;
const octal = (number: number): string => `0${number.toString(8)}`;

/** One address in all the forms that a URL takes for it. */
const formsOf = (address: string): readonly string[] => [
  ...[address, `${address}.`, String(wholeOf(address)), hex(wholeOf(address)), octal(wholeOf(address))],
  ...[numbersOf(address).map(hex).join('.'), numbersOf(address).map(octal).join('.')],
  `${String(numbersOf(address)[0])}.${String(wholeOf(address) % 2 ** 24)}`,
  address.replace(/^\d/, (digit) => String.fromCodePoint(0xff10 + Number(digit))), // full width
  address.replaceAll('.', '\u3002'),
];

const zone: Resolve = (name) => {
  const [, dashed] = /^([\d-]+)\.(?:nip|sslip)\.example$/.exec(name) ?? [];
  const answers: Readonly<Record<string, readonly string[]>> = {
    localhost: ['127.0.0.1', '::1'],
    'metadata.google.internal': ['169.254.169.254'],
    'one-of-two.example': ['93.184.215.14', '10.0.0.1'],
    'xn--bcher-kva.example': ['192.168.0.9'],
    'a.wildcard.example': ['::ffff:10.0.0.1'],
    'six.example': ['fd00::5'],
    'link.example': ['fe80::1%eth0'],
    'nothing.example': [],
    'broken.example': ['not an address'],
  };
  const found = dashed === undefined ? answers[name.replace(/\.$/, '')] : [dashed.replaceAll('-', '.')];
  return found
    ? Promise.resolve(found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
    : Promise.reject(new Error('ENOTFOUND'));
};

const names = [
  ...[
    'https://localhost/',
    'https://LOCALHOST:443/',
    'https://localhost./',
    'https://metadata.google.internal/',
  ],
  ...[
    'https://one-of-two.example/',
    'https://bücher.example/',
    'https://BÜCHER.example/x',
    'https://six.example/',
  ],
  ...[
    'https://a.wildcard.example/',
    'https://link.example/',
    'https://nothing.example/',
    'https://unknown.example/',
  ],
  ...['https://broken.example/', 'https://ⓛocalhost/', 'https://%6cocalhost/', 'https://lo%63alhost/'],
  ...private4.map((address) => `https://${address.replaceAll('.', '-')}.nip.example/hook`),
];

const wrong = [
  ...[
    'http://hooks.example.org/',
    'ftp://hooks.example.org/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_x',
  ],
  ...[
    'unix:/var/run/docker.sock',
    'data:text/plain,x',
    'javascript:alert(1)',
    'ws://10.0.0.1/',
    '//10.0.0.1/',
    '',
  ],
  ...[
    'https://user@hooks.example.org/',
    'https://user:word@hooks.example.org/',
    'https://:word@hooks.example.org/',
  ],
  ...['https://hooks.example.org@127.0.0.1/', 'https://127.0.0.1%2f@hooks.example.org/', 'https://'],
  ...[
    'https://hooks.example.org/#@127.0.0.1',
    'https://hooks.example.org#',
    'https://hooks.example.org\\@127.0.0.1/',
  ],
  ...[
    'https://hooks.example.org/\r\nHost: 127.0.0.1',
    'https://hooks.example.org/ x',
    '\thttps://hooks.example.org/',
  ],
  ...[
    'https://hooks.example.org:0/',
    'https://hooks.example.org:65536/',
    'https://[::1',
    'https://[fe80::1%25eth0]/',
  ],
  ...[
    'https://256.256.256.256/',
    'https://1.2.3.4.5/',
    'https://0x100000000/',
    'https://127.0.0.1:https/',
    'https:',
  ],
];

const hostile = [
  ...private4.flatMap(formsOf).map((host) => `https://${host}:8443/hook`),
  ...private6.map((address) => `https://[${address}]/hook`),
  ...[
    '[::FFFF:127.0.0.1]',
    '[0000:0000:0000:0000:0000:0000:0000:0001]',
    '127.1',
    '127.0.1',
    '0',
    '0x7f.1',
    '017700000001',
  ].map((host) => `https://${host}/`),
  ...names,
  ...wrong,
];

/** Every connection that this program begins, whoever begins it and by whatever way. */
async function connectionsDuring(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const hook = createHook({
    init: (_, type) => {
      if (type === 'TCPCONNECTWRAP' || type === 'PIPECONNECTWRAP') count += 1;
    },
  }).enable();
  await work();
  hook.disable();
  return count;
}

const message = { headers: { 'content-type': 'text/plain' }, body: Buffer.from('x') };
const callsWith = (ways: Ways): OutgoingCalls => new OutgoingCalls(new PublicAddresses(ways), 2_000);

let server: Server;
let port: number;
let visits = 0;
beforeAll(async () => {
  server = createServer((_, answer) => {
    visits += 1;
    answer.end('taken');
  });
  await new Promise<void>((open) => server.listen(0, '127.0.0.1', open));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

test('[S9] of more than 300 hostile addresses none is called: not one socket is opened', async () => {
  const calls = callsWith({ resolve: zone });
  const called: string[] = [];
  const connections = await connectionsDuring(async () => {
    for (const url of hostile) {
      const { failure = 'called' } = await calls.post(url, message);
      if (!['url-not-allowed', 'address-not-allowed', 'name-not-found'].includes(failure))
        called.push(`${url}: ${failure}`);
    }
  });
  expect([called, connections]).toEqual([[], 0]);
  expect(new Set(hostile).size).toBeGreaterThan(300);
});

test('[S9] an address is known in whatever way it is written', async () => {
  const calls = callsWith({ resolve: zone });
  const taken: string[] = [];
  for (const host of private4.flatMap(formsOf)) {
    const { failure } = await calls.post(`https://${host}/`, message);
    if (failure !== 'address-not-allowed') taken.push(host);
  }
  expect(taken).toEqual([]);
});

test('[S9] a socket that is opened would have been seen', async () => {
  const ways = { resolve: zone, allows: () => true, plain: true };
  const connections = await connectionsDuring(async () => {
    const came = await callsWith(ways).post(`https://127-0-0-1.nip.example:${String(port)}/`, message);
    expect(came).toMatchObject({ status: 200 });
    const secure = await callsWith({ ...ways, plain: false }).post(
      `https://127.0.0.1:${String(port)}/`,
      message,
    );
    expect(secure).toEqual({ failure: 'not-connected' });
  });
  expect(connections).toBe(2);
});

test('[S9] a name that leads elsewhere a moment later leads nowhere: what was checked is called, and what is called was checked', async () => {
  const answers = ['127.0.0.1', '10.0.0.1', '127.0.0.1'];
  let asked = 0;
  const resolve: Resolve = () => {
    const address = answers[asked] ?? '';
    asked += 1;
    return Promise.resolve([{ address, family: 4 }]);
  };
  const calls = callsWith({ resolve, allows: (address) => address === '127.0.0.1', plain: true });
  const before = visits;
  const came: unknown[] = [];
  const connections = await connectionsDuring(async () => {
    for (const _ of answers) came.push(await calls.post(`https://rebound.example:${String(port)}/`, message));
  });
  expect(came).toMatchObject([{ status: 200 }, { failure: 'address-not-allowed' }, { status: 200 }]);
  expect([asked, connections, visits - before]).toEqual([3, 2, 2]);
});

test.each([
  ...[
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
  ],
  ...[
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.167.255.255',
    '192.169.0.0',
  ],
  ...[
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001::1',
    '64:ff9b::8.8.8.8',
  ],
  ...['2002:808:808::1', '2001:4860:4860::8888'],
])('%s is anybody’s to call', (address) => {
  expect(isPublic(address)).toBe(true);
});

test.each(['', 'localhost', '1.2.3', '1.2.3.4.5', '::g', '127.0.0.1 ', '[::1]', 'fe80::1%eth0'])(
  '%j is no address',
  (text) => {
    expect(isPublic(text)).toBe(false);
  },
);

test('the name goes into TLS and the header Host, the port and the path are kept, and IPv6 is written without brackets', async () => {
  const find = (url: string) => new PublicAddresses({ resolve: zone, allows: () => true }).find(url);
  expect(await find('https://six.example:8443/a?b=c')).toMatchObject({
    ...{ name: 'six.example', port: 8443, path: '/a?b=c', addresses: [{ address: 'fd00::5', family: 6 }] },
  });
  expect(await find('https://[2606:4700:4700::1111]/')).toMatchObject({
    ...{ name: '2606:4700:4700::1111', port: 443, plain: false },
  });
});

import { lookup } from 'node:dns/promises';
import { BlockList, isIP, isIPv4 } from 'node:net';

// Which addresses Perennial calls on behalf of others. Whoever names one must not reach by it what stands behind our own walls.

/** Why something is not called. */
export type NotCalled = 'url-not-allowed' | 'address-not-allowed' | 'name-not-found';

/** Nothing was called: no socket was opened. */
export class NotPublic extends Error {
  constructor(readonly code: NotCalled) {
    super(code);
  }
}

/** An address to which a name leads. */
export interface Resolved {
  readonly address: string;
  readonly family: number;
}

/** Finds all addresses of a name. */
export type Resolve = (name: string) => Promise<readonly Resolved[]>;

/** How a guard may differ from the usual, which calls public addresses by https alone. */
export interface Ways {
  readonly resolve?: Resolve;
  readonly allows?: (address: string) => boolean;
  /** Calls without TLS: for a receiver of one's own on this machine. */
  readonly plain?: boolean;
}

/** Whom to call: the name, for TLS and the header Host, and the addresses that were checked, which alone are connected to. */
export interface Target {
  readonly name: string;
  readonly port: number;
  readonly path: string;
  readonly plain: boolean;
  readonly addresses: readonly Resolved[];
}

const forbidden4: readonly (readonly [string, number])[] = [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
  ] as const), // this host, private, carrier's, loopback
  ...([
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
  ] as const), // link (cloud metadata too), protocols, documents
  ...([
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
  ] as const), // 6to4 relays, private, benchmarks
  ...([
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const), // multicast, reserved, broadcast
];
/** Of the addresses that are given out (2000::/3), those for protocols, benchmarks, overlays and documents. */
const forbidden6: readonly (readonly [string, number])[] = [
  ...([
    ['2001::', 23],
    ['2001:db8::', 32],
    ['3fff::', 20],
  ] as const),
];

const inside4 = blockListOf(forbidden4, 'ipv4');
const inside6 = blockListOf(forbidden6, 'ipv6');
const given6 = blockListOf([['2000::', 3]], 'ipv6');
/** IPv4 behind a gateway, in the last 32 bits; and by 6to4, behind the first 16. */
const nat64 = blockListOf([['64:ff9b::', 96]], 'ipv6');
const sixToFour = blockListOf([['2002::', 16]], 'ipv6');

function blockListOf(subnets: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [net, bits] of subnets) list.addSubnet(net, bits, family);
  return list;
}

/** True for an address that is anybody's to call: none of this machine, of this network, or of any other private one. */
export function isPublic(address: string): boolean {
  if (isIPv4(address)) return !inside4.check(address, 'ipv4');
  if (isIP(address) !== 6 || address.includes('%')) return false; // with a zone it is of one link alone
  const within = embedded4(address);
  if (within !== undefined) return isPublic(within);
  return given6.check(address, 'ipv6') && !inside6.check(address, 'ipv6');
}

/** The IPv4 address to which one of IPv6 leads in the end. One that is only written as IPv6 (`::ffff:…`) is nobody's public address. */
function embedded4(address: string): string | undefined {
  const groups = groupsOf(address);
  if (nat64.check(address, 'ipv6')) return dotted(groups.slice(6));
  if (sixToFour.check(address, 'ipv6')) return dotted(groups.slice(1, 3));
  return undefined;
}

const dotted = (groups: readonly number[]): string =>
  groups.flatMap((group) => [group >> 8, group & 0xff]).join('.');

/** The eight groups of an address; URL writes every form of it in one way. */
function groupsOf(address: string): readonly number[] {
  const text = new URL(`https://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = text
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16))));
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

/** All addresses that the machine knows for a name. */
const asMachine: Resolve = (name) => lookup(name, { all: true });

/**
 * Checks an address before it is called. One name may lead to several addresses, and elsewhere a moment later: all are checked, and
 * the call is made to what was checked and to nothing else.
 */
export class PublicAddresses {
  constructor(private readonly ways: Ways = {}) {}

  /** Whom to call. @throws NotPublic */
  async find(text: string): Promise<Target> {
    const { plain = false, allows = isPublic } = this.ways;
    const url = urlIn(text);
    const name = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = isIP(name) > 0 ? [{ address: name, family: isIP(name) }] : await this.resolved(name);
    if (!addresses.every(({ address }) => allows(address))) throw new NotPublic('address-not-allowed');
    const port = Number(url.port === '' ? 443 : url.port);
    return { name, port, path: `${url.pathname}${url.search}`, plain, addresses };
  }

  private async resolved(name: string): Promise<readonly Resolved[]> {
    const { resolve = asMachine } = this.ways;
    const addresses = await resolve(name).catch((): readonly Resolved[] => []);
    if (addresses.length === 0) throw new NotPublic('name-not-found');
    return addresses;
  }
}

/** The address as URL reads it, which writes every form of a number as one. Nothing else reads it again. */
function urlIn(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || text.includes('#'))
    throw new NotPublic('url-not-allowed');
  if (/[\s\\]/.test(text) || url.hostname === '' || url.port === '0') throw new NotPublic('url-not-allowed');
  return url;
}

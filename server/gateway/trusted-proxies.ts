import { BlockList, isIP } from 'node:net';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const namedNetworks: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** What a trusted proxy says about the request that it passed on. */
export type TrustedProxies = {
  isTrusted(address: string): boolean;
  /** The nearest address that is not a trusted proxy: the peer itself, or the one that the proxies forwarded. */
  clientAddress(peer: string, headers: Headers): string;
};

/** `::ffff:192.168.0.7` is how a dual-stack socket names an IPv4 peer; zone ids (`%eth0`) say nothing to others. */
export function plainAddress(address: string): string {
  const withoutZone = address.split('%', 1)[0] ?? '';
  return withoutZone.startsWith('::ffff:') && isIP(withoutZone.slice(7)) === 4
    ? withoutZone.slice(7)
    : withoutZone;
}

/** Takes the addresses, CIDR ranges and network names of `TRUST_PROXY`. An empty list trusts nobody. */
export function createTrustedProxies(networks: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const network of networks.flatMap((name) => namedNetworks[name] ?? [name])) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  const isTrusted = (address: string): boolean => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4');
  };
  return {
    isTrusted,
    clientAddress: (peer, headers) => {
      if (!isTrusted(peer)) return peer;
      // each proxy appends the peer it saw, so the list is read from its end, as far as the writers are trusted
      const forwarded = String(headers['x-forwarded-for'] ?? '')
        .split(',')
        .map((item) => plainAddress(item.trim()));
      let address = peer;
      for (let index = forwarded.length - 1; index >= 0 && isTrusted(address); index -= 1) {
        const next = forwarded[index] ?? '';
        if (isIP(next) === 0) break;
        address = next;
      }
      return address;
    },
  };
}

import { isIP } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

export type ServerAddress = {
  url: string;
  kind: 'loopback' | 'IPv4' | 'IPv6' | 'name';
};

type Listening = { host: string | null; port: number; interfaces: Interfaces; hostName: string };

// adapters of containers, virtual machines and tunnels: real addresses, but not the ones that colleagues can reach
const virtualAdapter =
  /^(docker|br-|veth|virbr|vmnet|vboxnet|cni|flannel|utun|tun|tap|wg|zt|tailscale)|vEthernet|VirtualBox|VMware|WSL/i;

/** Every address under which the server can be opened: this machine first, then the LAN, most useful first. */
export function serverAddresses({ host, port, interfaces, hostName }: Listening): ServerAddress[] {
  if (host !== null && !isWildcard(host)) {
    return [{ url: urlOf(host, port), kind: isLoopback(host) ? 'loopback' : kindOf(host) }];
  }
  const isIPv4Only = host === '0.0.0.0';
  const ranked = Object.entries(interfaces)
    .flatMap(([name, list]) => (list ?? []).map((info) => ({ name, info })))
    .filter(({ info }) => !info.internal && isReachable(info) && !(isIPv4Only && info.family === 'IPv6'))
    .map(({ name, info }) => ({ info, rank: rankOf(name, info) }))
    .sort((a, b) => a.rank - b.rank);
  const lan = ranked.map(({ info }): ServerAddress => ({
    url: urlOf(info.address, port),
    kind: info.family,
  }));
  const named: ServerAddress[] = /^[A-Za-z0-9.-]+$/.test(hostName)
    ? [{ url: urlOf(hostName.toLowerCase(), port), kind: 'name' }]
    : [];
  return [{ url: urlOf('localhost', port), kind: 'loopback' }, ...lan, ...named];
}

/** The address for a QR code: what a phone on the same network can most probably open. */
export const bestLanAddress = (addresses: readonly ServerAddress[]): ServerAddress | undefined =>
  addresses.find(({ kind }) => kind === 'IPv4') ?? addresses.find(({ kind }) => kind === 'IPv6');

const isWildcard = (host: string): boolean => ['::', '0.0.0.0', '*'].includes(host);

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

const kindOf = (host: string): ServerAddress['kind'] =>
  ({ 4: 'IPv4', 6: 'IPv6' } as const)[isIP(host)] ?? 'name';

/** A link-local IPv6 address needs a zone, which browsers refuse in an address; 169.254 means that DHCP failed. */
const isReachable = ({ address, family }: NetworkInterfaceInfo): boolean =>
  family === 'IPv4' ? !address.startsWith('169.254.') : !/^fe[89ab]/i.test(address);

function rankOf(adapter: string, { address, family }: NetworkInterfaceInfo): number {
  const virtual = virtualAdapter.test(adapter) ? 100 : 0;
  if (family === 'IPv6') return virtual + 50;
  if (address.startsWith('192.168.')) return virtual + 1;
  if (address.startsWith('10.')) return virtual + 2;
  if (/^172\.(1[6-9]|2\d|3[01])\./.test(address)) return virtual + 3;
  return virtual + 10;
}

function urlOf(host: string, port: number): string {
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return `http://${name}${port === 80 ? '' : `:${port}`}`;
}

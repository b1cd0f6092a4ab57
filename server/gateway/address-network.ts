/**
 * What counts as one address for the wide limits. The smallest network that a site gets has 2^64 IPv6 addresses (RFC 4291
 * section 2.5.1), and every machine in it may take as many as it likes: counted one by one they would be no limit at all.
 * Not for what locks an account out: there a neighbour must not count as the attacker.
 */
import { isIPv6 } from 'node:net';

const groupsOf = (part: string): string[] => (part === '' ? [] : part.split(':'));

/** An IPv4 address as it is; of an IPv6 address the first 64 bits, as `2001:db8:0:1/64`. Anything else as it is. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const first = groupsOf(head);
  const last = groupsOf(tail ?? '');
  // an embedded IPv4 address takes the room of two groups
  const size = first.length + last.length + (address.includes('.') ? 1 : 0);
  const gap = tail === undefined ? 0 : 8 - size;
  const groups = [...first, ...Array<string>(gap).fill('0'), ...last].slice(0, 4);
  return `${groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':')}/64`;
}

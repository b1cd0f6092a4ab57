import { networkOf } from './address-network.ts';

/** Counts open connections per address, or per network where people choose their own (`address-network.ts`). */
export type AddressCount = {
  /** Counts a connection until its `release` is called; calling that twice counts once. */
  add(address: string): () => void;
  of: (address: string) => number;
};

/** An empty count. */
export function createAddressCount(): AddressCount {
  const countByAddress = new Map<string, number>();
  return {
    add(from) {
      const address = networkOf(from);
      countByAddress.set(address, (countByAddress.get(address) ?? 0) + 1);
      let isCounted = true;
      return () => {
        if (!isCounted) return;
        isCounted = false;
        const left = (countByAddress.get(address) ?? 1) - 1;
        if (left > 0) countByAddress.set(address, left);
        else countByAddress.delete(address);
      };
    },
    of: (address) => countByAddress.get(networkOf(address)) ?? 0,
  };
}

/**
 * Connections that an address may open before they are even looked at. The handshake's own cap is lower and says why; this
 * one keeps connections that never send a handshake from piling up until they time out.
 */
export const openConnectionsMax = (connectionsPerAddress: number): number =>
  Math.ceil(connectionsPerAddress * 1.2) + 16;

/** Raw connections of an address, whatever they are for: pages, requests and sockets of a whole office behind one router. */
export const tcpConnectionsMax = (connectionsPerAddress: number): number =>
  Math.max(1_000, connectionsPerAddress * 20);

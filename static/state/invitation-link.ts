/**
 * An invitation as a link. The code stands behind the `#`, which a browser never sends: it reaches neither the server's log nor
 * a proxy's.
 */
const prefix = '#invite=';

/** The link to a server with this code. */
export const invitationLink = (address: string, code: string): string =>
  `${address.replace(/\/+$/, '')}/${prefix}${encodeURIComponent(code)}`;

/** The code in the part of an address after its page; null if there is none. */
export function readInvitation(hash: string): string | null {
  if (!hash.startsWith(prefix)) return null;
  try {
    const code = decodeURIComponent(hash.slice(prefix.length)).trim();
    return code === '' || code.length > 64 ? null : code;
  } catch {
    return null;
  }
}

/** Whoever is in needs no invitation: it does not stay in the address, where a neighbour could read it. */
export function dropInvitation({ history, location }: Window): void {
  if (location.hash.startsWith(prefix)) history.replaceState(history.state, '', location.pathname);
}

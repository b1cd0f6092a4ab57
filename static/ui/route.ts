/**
 * Where the user is: in the list, in a room, in a room's details, or among the memos (`memos` is the one that is open, `''`
 * for none). It lives in the address after `#`.
 */
export type Route = { roomUid: string | null; isDetails: boolean; memos?: string };

export function readRoute(hash: string): Route {
  const memos = /^#\/memos(?:\/([A-Za-z0-9_-]{22}))?$/.exec(hash);
  if (memos !== null) return { roomUid: null, isDetails: false, memos: memos[1] ?? '' };
  const match = /^#\/([A-Za-z0-9_-]{22})(\/details)?$/.exec(hash);
  return { roomUid: match?.[1] ?? null, isDetails: match?.[2] !== undefined };
}

export function writeRoute(route: Route): string {
  if (route.memos !== undefined) return route.memos === '' ? '#/memos' : `#/memos/${route.memos}`;
  if (route.roomUid === null) return '#/';
  return `#/${route.roomUid}${route.isDetails ? '/details' : ''}`;
}

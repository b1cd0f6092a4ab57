/** Pages at which nobody is. A person is away once all pages of theirs are such; a page that says nothing is not. */

export type AwayPages = {
  /** True if it is news. */
  report: (userUid: string, socketId: string, isAway: boolean) => boolean;
  forget: (userUid: string, socketId: string) => void;
  isAway: (userUid: string) => boolean;
};

/** `connectionsOf` gives the number of a person's pages. */
export function createAwayPages(connectionsOf: (userUid: string) => number): AwayPages {
  const pagesByUser = new Map<string, Set<string>>();

  function forget(userUid: string, socketId: string): boolean {
    const pages = pagesByUser.get(userUid);
    if (pages === undefined || !pages.delete(socketId)) return false;
    if (pages.size === 0) pagesByUser.delete(userUid);
    return true;
  }

  return {
    report(userUid, socketId, isAway) {
      if (!isAway) return forget(userUid, socketId);
      const pages = pagesByUser.get(userUid) ?? new Set<string>();
      if (pages.has(socketId)) return false;
      pagesByUser.set(userUid, pages.add(socketId));
      return true;
    },
    forget: (userUid, socketId) => void forget(userUid, socketId),
    isAway: (userUid) => {
      const pages = pagesByUser.get(userUid);
      return pages !== undefined && pages.size >= connectionsOf(userUid);
    },
  };
}

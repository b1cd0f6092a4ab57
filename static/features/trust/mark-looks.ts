/** Asks for the marks of people whose names a list shows: once for each of them, as long as their key stays the same. */
import { drop } from '../../state/drop.ts';
import type { App } from '../../app-types.ts';

export type KeyHolder = { userUid: string; identityVersion: number };

/** The marks come into `stores.trust`. */
export function createMarkLooks({ actions }: Pick<App, 'actions'>): (people: readonly KeyHolder[]) => void {
  const asked = new Map<string, number>();
  return (people) => {
    const unknown = people.filter(
      ({ userUid, identityVersion }) => identityVersion > 0 && asked.get(userUid) !== identityVersion,
    );
    if (unknown.length === 0) return;
    for (const { userUid, identityVersion } of unknown) asked.set(userUid, identityVersion);
    drop(
      actions.trust.lookAtMarks(
        unknown.map(({ userUid, identityVersion }) => ({ userUid, version: identityVersion })),
      ),
    );
  };
}

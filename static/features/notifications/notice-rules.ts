/** Which news of a room one wants to be told of. Pure. */
import type { MyRoom } from '#contract/my-items.ts';

/**
 * Whether a message of a room is worth a notice, a sound and a number in the title. A mute silences everything, mentions
 * included. Whoever cannot tell yet whether a message mentions me says that it does not.
 */
export const isNoticeWanted = (settings: MyRoom | undefined, now: number, isMention: boolean): boolean => {
  if (settings === undefined) return true;
  if ((settings.mutedUntil ?? 0) > now || settings.level === 'none') return false;
  return settings.level !== 'mentions' || isMention;
};

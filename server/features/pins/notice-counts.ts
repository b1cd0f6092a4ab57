/**
 * Tells how many have acknowledged a notice: at most one event per notice and second, however many acknowledge meanwhile.
 * The number is counted then, so it is right even if one was missed.
 */
import type { Delivery } from '../../gateway/delivery.ts';
import { toRoom, toUsers } from '../../gateway/delivery.ts';
import type { Clock, Deliver, FeatureDatabase } from '../feature-types.ts';
import { countReaders, listAudience } from './pin-store.ts';
import type { PinPlace } from './pin-store.ts';

const coalesceMs = 1_000;

/** A notice, by its place and by its name. */
export type NoticePlace = PinPlace & { roomUid: string; message: string };

export type NoticeCounts = {
  /** An acknowledgement that is on the disk by now. */
  changed: (notice: NoticePlace) => void;
  stop: () => void;
};

export type NoticeCountsDeps = {
  database: Pick<FeatureDatabase, 'read'>;
  clock: Clock;
  deliver: Deliver;
  onBug: (error: unknown) => void;
};

export function createNoticeCounts({ database, clock, deliver, onBug }: NoticeCountsDeps): NoticeCounts {
  let noticesByName = new Map<string, NoticePlace>();
  let cancel: (() => void) | undefined;
  let isStopped = false;

  const eventOf = async ({ roomUid, message, ...place }: NoticePlace): Promise<Delivery> => {
    const audience = await listAudience(database.read, place);
    const payload = { roomUid, message, ...(await countReaders(database.read, place)) };
    return audience === null
      ? toRoom(roomUid, 'notice:counted', payload)
      : toUsers(audience, 'notice:counted', payload);
  };

  async function flush(): Promise<void> {
    cancel = undefined;
    const notices = noticesByName;
    noticesByName = new Map();
    try {
      for (const notice of notices.values()) {
        const event = await eventOf(notice);
        if (isStopped) return;
        deliver([event]);
      }
    } catch (error) {
      if (!isStopped) onBug(error);
    }
  }

  return {
    changed(notice) {
      if (isStopped) return;
      noticesByName.set(`${notice.roomUid}.${notice.message}`, notice);
      cancel ??= clock.after(coalesceMs, () => void flush());
    },
    stop() {
      isStopped = true;
      cancel?.();
      noticesByName.clear();
    },
  };
}

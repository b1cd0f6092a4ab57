/** Closing polls: by hand, and exactly at their deadline, also if the server was away then. */
import type { Poll } from '#contract/poll.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { createDueWork } from '../due-work.ts';
import type { DueWork } from '../due-work.ts';
import type { Clock, FeatureDatabase, Read, Unit } from '../feature-types.ts';
import type { ChangeableMessage, MessageChange } from '../messages/message-change.ts';
import { deleteBallots, clearDeadline, listDue, nextDeadline } from './poll-store.ts';
import type { PollPlace } from './poll-store.ts';

export type ChangeMessage = (
  unit: Unit,
  found: ChangeableMessage,
  change: MessageChange,
) => Promise<{ events: Delivery[] }>;

/** Closes a poll for good and gives what those who may read it are told. */
export async function closePoll(
  unit: Unit,
  changeMessage: ChangeMessage,
  found: ChangeableMessage & { poll: Poll },
  closedAt: number,
): Promise<Delivery[]> {
  const { poll } = found;
  const place = { roomId: found.room.id, seq: found.message.seq };
  await clearDeadline(unit, place);
  // nobody votes any more, so that nothing needs to know who voted for what; the members must not, and now the server does not
  if (poll.isAnonymous) await deleteBallots(unit, place);
  const { events } = await changeMessage(unit, found, { parts: { poll: { ...poll, closedAt } } });
  return events;
}

export type PollDeadlinesDeps = {
  database: FeatureDatabase;
  clock: Clock;
  storedMessage: (db: Read, place: PollPlace) => Promise<ChangeableMessage | undefined>;
  changeMessage: ChangeMessage;
  onBug: (error: unknown) => void;
};

/** Closed in one unit; the rest waits for the next one. */
const sliceSize = 50;

export function createPollDeadlines(deps: PollDeadlinesDeps): DueWork {
  const { database, clock, onBug } = deps;

  const closeDue = (unit: Unit, place: PollPlace, now: number): Promise<Delivery[]> =>
    deps.storedMessage(unit.db, place).then(async (found) => {
      const poll = found?.parts.poll;
      if (found !== undefined && poll?.closedAt === null) {
        return closePoll(unit, deps.changeMessage, { ...found, poll }, poll.closesAt ?? now);
      }
      await clearDeadline(unit, place);
      return [];
    });

  const closeSlice = (): Promise<boolean> =>
    database.write(async (unit) => {
      const now = clock.now();
      const due = await listDue(unit.db, now, sliceSize);
      const events: Delivery[] = [];
      for (const place of due) events.push(...(await closeDue(unit, place, now)));
      return { value: due.length === sliceSize, events };
    });

  return createDueWork({
    clock,
    // a full disk, for example: the deadline holds all the same, because votes are refused by the clock
    onBug,
    // asked first: most looks find nothing, and cost no write then
    doSome: async (now) => (await listDue(database.read, now, 1)).length > 0 && closeSlice(),
    next: () => nextDeadline(database.read),
  });
}

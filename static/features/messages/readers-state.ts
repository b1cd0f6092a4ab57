/** The people behind the number of a message: the same definition as the counter's. Pure. */
import type { Message } from '#contract/messages.ts';
import type { Member } from '#contract/rooms.ts';

export type Readers = { readUids: readonly string[]; unreadUids: readonly string[] };

/** Of the members who may read a message, without its sender: who has and who has not. */
export const readersOf = (
  message: Pick<Message, 'seq' | 'senderUid'>,
  members: readonly Member[],
): Readers => {
  const readers = members.filter(
    ({ userUid, joinedSeq }) => joinedSeq <= message.seq && userUid !== message.senderUid,
  );
  const uidsWhere = (hasRead: boolean): string[] =>
    readers.filter(({ readSeq }) => readSeq >= message.seq === hasRead).map(({ userUid }) => userUid);
  return { readUids: uidsWhere(true), unreadUids: uidsWhere(false) };
};

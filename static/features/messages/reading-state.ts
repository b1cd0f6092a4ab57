/** Who has read a message and who has not. One definition for the number beside it and for the lists behind it. Pure. */
import type { Person } from '#contract/accounts.ts';
import type { Message } from '#contract/messages.ts';
import type { ReadReceipts } from '#contract/policies.ts';
import type { Member } from '#contract/rooms.ts';

/** Members whose account is in use: nobody waits for the others to read anything. People not known yet count. */
export const countedMembers = (
  members: readonly Member[],
  peopleByUid: ReadonlyMap<string, Pick<Person, 'state'>>,
): readonly Member[] => {
  const isCounted = ({ userUid }: Member): boolean =>
    (peopleByUid.get(userUid)?.state ?? 'active') === 'active';
  // Mostly all of them: then the list itself, for whoever compares by identity.
  return members.every(isCounted) ? members : members.filter(isCounted);
};

/** Whether the policy lets me see how many have read this message. */
export const isReadingShown = (receipts: ReadReceipts, isOwn: boolean): boolean =>
  receipts === 'everyone' || (receipts === 'sender' && isOwn);

/**
 * How many of these members have not read a message: members since before it whose cursor is below it, without the sender.
 * Cursors are sorted once, so that a thousand members and a full window stay cheap.
 */
export const createUnreadCounter = (
  members: readonly Member[],
): ((message: Pick<Message, 'seq' | 'senderUid'>) => number) => {
  // A member counts for seq in [joinedSeq, ∞) \ [.., readSeq]: from max(joinedSeq, readSeq + 1) on.
  const startByUid = new Map(
    members.map((member) => [member.userUid, Math.max(member.joinedSeq, member.readSeq + 1)]),
  );
  const starts = [...startByUid.values()].sort((left, right) => left - right);
  return (message) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= message.seq) low = middle + 1;
      else high = middle;
    }
    const isSenderCounted = (startByUid.get(message.senderUid) ?? Number.MAX_SAFE_INTEGER) <= message.seq;
    return low - (isSenderCounted ? 1 : 0);
  };
};

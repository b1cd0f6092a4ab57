/** What a card shows of a poll, whether it is stored or on its way out. No DOM. */
import type { Poll } from '#contract/poll.ts';
import type { OutboxItem } from '../../connection/outbox-state.ts';
import type { PollOption } from '../../crypto/index.ts';
import { messageName } from '../messages/message-state.ts';
import type { MessageEntry } from '../messages/message-state.ts';
import type { PollRow } from '../messages/row-poll.ts';

export type PollSource = {
  roomUid: string;
  /** The message's name. */
  id: string;
  authorUid: string;
  question: string;
  options: readonly PollOption[];
  /** How it stands; null if the server does not say. */
  poll: Poll | null;
  /** False while it is on its way out. */
  isSent: boolean;
};

export const pollSourceOf = (row: PollRow): PollSource =>
  'message' in row ? storedPoll(row) : waitingPoll(row);

function storedPoll({ message, content }: MessageEntry): PollSource {
  const isOpen = content.state === 'open';
  return {
    roomUid: message.roomUid,
    id: messageName(message),
    authorUid: message.senderUid,
    question: isOpen ? content.text : '',
    options: isOpen ? (content.pollOptions ?? []) : [],
    poll: message.poll ?? null,
    isSent: true,
  };
}

function waitingPoll({ clientId, roomUid, text, poll }: OutboxItem): PollSource {
  const options = poll?.options ?? [];
  const votes = options.map(({ id }) => ({ id, votes: 0 }));
  return {
    roomUid,
    id: clientId,
    authorUid: '',
    question: text,
    options,
    poll: poll === undefined ? null : { ...poll, options: votes, voters: 0, closedAt: null },
    isSent: false,
  };
}

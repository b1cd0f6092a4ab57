import type { Message } from '#contract/messages.ts';
import type { CryptoEngine, MessageRow } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import type { RoomKeys } from '../rooms/room-keys.ts';
import { sealedEntry } from './message-state.ts';
import type { MessageEntry } from './message-state.ts';
import { openedContent, verifiedContent } from './opened-contents.ts';

export type CheckedRowsDeps = {
  crypto: Pick<CryptoEngine, 'openMessages' | 'verifyMessages'>;
  keys: Pick<RoomKeys, 'accept'>;
};

/**
 * Opens rows of one room and checks who wrote them. What cannot be checked just now is shown as it is in the conversation: as
 * what was opened, and no more.
 */
export async function checkedRows(
  { crypto, keys }: CheckedRowsDeps,
  roomUid: string,
  messages: readonly Message[],
): Promise<MessageEntry[]> {
  await keys.accept(roomUid);
  const rows = messages.map((message): MessageRow => ({ ...message, envelope: message.envelope ?? '' }));
  const opened = await tryCrypto(() => crypto.openMessages(roomUid, rows));
  if (!opened.ok) return messages.map(sealedEntry);
  const open = rows.filter((_row, index) => opened.value[index]?.ok === true);
  const verified = await tryCrypto(() => crypto.verifyMessages(roomUid, open));
  const results = new Map(open.map((row, at) => [row, verified.ok ? verified.value[at] : undefined]));
  return messages.map((message, index) => {
    const content = openedContent(opened.value[index]);
    const row = rows[index];
    if (!verified.ok || row === undefined) return { message, content };
    return { message, content: verifiedContent(content, results.get(row)) };
  });
}

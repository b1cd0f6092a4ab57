/** What opening a row, and then checking its signature, makes of its content. Pure. */
import type { Message } from '#contract/messages.ts';
import type { OpenResult, VerifyResult } from '../../crypto/index.ts';
import { contentKey } from './message-state.ts';
import type { MessageContent } from './message-state.ts';

/** Contents by the state of the row that they belong to. */
export const keyedContents = (
  rows: readonly Message[],
  contents: readonly MessageContent[],
): Map<string, MessageContent> => {
  const byKey = new Map<string, MessageContent>();
  rows.forEach((row, index) => {
    const content = contents[index];
    if (content !== undefined) byKey.set(contentKey(row), content);
  });
  return byKey;
};

export const openedContent = (result: OpenResult | undefined): MessageContent => {
  if (result === undefined) return { state: 'unreadable', reason: 'TAMPERED' };
  if (!result.ok) return { state: 'unreadable', reason: result.reason };
  const { value } = result;
  return {
    state: 'open',
    ...(value.kind === 'poll' ? { text: value.question, pollOptions: value.options } : { text: value.text }),
    at: value.at,
    composedAt: value.composed ?? null,
    isVerified: false,
    isClockOff: false,
    isOrderOdd: false,
  };
};

export const verifiedContent = (
  content: MessageContent,
  result: VerifyResult | undefined,
): MessageContent => {
  if (content.state !== 'open') return content;
  if (result === undefined) return { state: 'unreadable', reason: 'TAMPERED' };
  if (!result.ok) return { state: 'unreadable', reason: result.reason };
  return { ...content, isVerified: true, isClockOff: result.clockOff, isOrderOdd: result.afterNotBelow };
};

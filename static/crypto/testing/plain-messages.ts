import type { PlainContent, SealMessageInput } from '../engine-types.ts';

/** A new text message as the engine takes it. */
export const unsealedText = (
  roomUid: string,
  clientId: string,
  text: string,
  at: number,
): SealMessageInput => ({
  roomUid,
  clientId,
  target: null,
  n: 0,
  content: { kind: 'text', text },
  at,
  after: null,
});

/** The text of a text; the kind of anything else. */
export const textOf = (content: PlainContent): string =>
  content.kind === 'text' ? content.text : content.kind;

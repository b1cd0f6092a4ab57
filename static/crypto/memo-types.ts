import type { Memo } from '#contract/memos.ts';

/** One version of a person's identity. */
type Reader = { userUid: string; version: number };

/** Why something sealed does not open. */
export type OpenFailure = 'NO_KEY' | 'TAMPERED' | 'STALE_EPOCH' | 'QUARANTINED' | 'UNKNOWN_VERSION';

/** A memo to people, whose newest versions must be confirmed for me. */
export type SealMemoInput = {
  memoUid: string;
  readers: (Reader & { displayName: string })[];
  text: string;
  at: number;
};

/** What `memo:send` takes; `readers` ascending by entry. */
export type SealedMemo = {
  sender: string;
  senderWrap: string;
  readers: { entry: string; wrap: string }[];
  body: string;
};

/** A memo of the server's, as far as it has content for me. `senderName` is pinned at first sight. */
export type MemoRow = Pick<Memo, 'memoUid' | 'senderUid' | 'sender' | 'readersHash' | 'wrapFor'> & {
  body: string;
  wrap: string;
  senderName: string;
};

/** A memo that I sent, and the newer identity of a reader who has no key to it. */
export type ShareMemoInput = { row: MemoRow; reader: Reader };

/** `at`: when it was sealed, in server-adjusted ms. `readers`: everybody it went to, as its sender says. */
export type OpenedMemo = { text: string; at: number; readers: (Reader & { fingerprint: string })[] };

/** `isSenderConfirmed`: false for a newer identity that nobody has confirmed for me. `isUnavailable`: as of a message. */
export type OpenMemoResult =
  | { ok: true; value: OpenedMemo; isSenderConfirmed: boolean }
  | { ok: false; reason: OpenFailure; isUnavailable?: true };

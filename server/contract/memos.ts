/**
 * Memos (쪽지): sealed notes to one or many people, outside any room (docs/e2e-protocol.md section 5). What a reader has not
 * opened yet is not given to their client, so that a receipt means that it was opened and a recall takes back what was not.
 */
import * as z from 'zod/mini';
import { ClientId, Timestamp, UserUid, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { defineEvents, defineRequests } from './request.ts';
import { isSealedForm, RecordHash, Wrap } from './sealed.ts';

/** A random 128-bit id of the sender's client's making. */
export const MemoUid = ClientId;
export type MemoUid = z.infer<typeof MemoUid>;

/** `n1.<sealed>`: a sealed memo. */
export const MemoBody = z.string().check(
  z.maxLength(limits.envelopeMax),
  z.regex(/^n1\.[A-Za-z0-9_-]{150,}$/),
  z.refine((text) => isSealedForm(text.slice(3))),
);

/** `userUid.version.fp`: one version of one person's identity. */
export const IdentityEntry = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{21}[AQgw]\.[1-9][0-9]{0,3}\.[A-Za-z0-9_-]{21}[AQgw]$/));

export const MemoBox = z.enum(['inbox', 'sent', 'scheduled']);
export type MemoBox = z.infer<typeof MemoBox>;

/** A memo as one person has it. */
export const Memo = z.object({
  memoUid: MemoUid,
  box: MemoBox,
  senderUid: UserUid,
  sender: IdentityEntry,
  readersHash: RecordHash,
  /** Null for a reader who has not opened it, and once it was recalled from them. */
  body: z.nullable(MemoBody),
  /** The caller's own key to it, null where `body` is. */
  wrap: z.nullable(Wrap),
  /** The entry that `wrap` is for. */
  wrapFor: IdentityEntry,
  /** When it was delivered; of a scheduled one, when it was handed in. */
  sentAt: Timestamp,
  /** Of a scheduled one, when it is to be delivered. */
  deliverAt: z.optional(Timestamp),
  /** When the caller first opened it; null for one they have not opened, and for the sender. */
  readAt: z.nullable(Timestamp),
  /** When it was taken back: from the caller, or, for the sender, for the last time from anybody. */
  recalledAt: z.optional(Timestamp),
  /** For the sender: how many people it went to, how many opened it, from how many it was taken back. */
  counts: z.optional(z.object({ readers: wholeNumber(), read: wholeNumber(), recalled: wholeNumber() })),
  /** For the sender: who gets it, as far as a row can say it; the first few in the order of their entries. */
  readerUids: z.optional(z.array(UserUid)),
});
export type Memo = z.infer<typeof Memo>;

/** What became of a memo at one reader. */
export const MemoReceipt = z.object({
  userUid: UserUid,
  /** The version of the reader's identity that has a key to it. */
  entry: IdentityEntry,
  readAt: z.nullable(Timestamp),
  recalledAt: z.nullable(Timestamp),
});
export type MemoReceipt = z.infer<typeof MemoReceipt>;

export const memoRequests = defineRequests({
  'memo:send': {
    input: z.object({
      memoUid: MemoUid,
      sender: IdentityEntry,
      senderWrap: Wrap,
      readers: z
        .array(z.object({ entry: IdentityEntry, wrap: Wrap }))
        .check(z.minLength(1), z.maxLength(limits.memoReadersMax)),
      body: MemoBody,
      /** Delivers it then instead of at once. */
      deliverAt: z.optional(Timestamp),
    }),
    output: z.object({ memo: Memo }),
    http: 'POST /api/memos',
    // it reaches as many people as a message
    limit: 'socket_send_message',
    summary:
      'Stores a sealed memo and delivers it, now or later; a repeat of the same memoUid changes nothing.',
  },
  'memo:list': {
    input: z.object({
      box: MemoBox,
      /** `sentAt` (scheduled: `deliverAt`) and `memoUid` of the last row of the page before. */
      at: z.optional(Timestamp),
      after: z.optional(MemoUid),
      limit: z.optional(wholeNumber(1, limits.pageSize)),
    }),
    output: z.object({ memos: z.array(Memo), hasMore: z.boolean(), unread: wholeNumber() }),
    http: 'GET /api/memos',
    summary: 'A page of one of my boxes, newest first; of scheduled ones, the next to be delivered first.',
  },
  'memo:get': {
    input: z.object({ memoUid: MemoUid }),
    output: z.object({
      memo: Memo,
      /** For the sender: every reader, in the order of their entries. */
      receipts: z.nullable(z.array(MemoReceipt)),
    }),
    http: 'GET /api/memos/:memoUid',
    summary: 'One memo of mine; its sender also learns who opened it and when.',
  },
  'memo:read': {
    input: z.object({ memoUid: MemoUid }),
    output: z.object({ memo: Memo, unread: wholeNumber() }),
    http: 'POST /api/memos/:memoUid/read',
    summary: 'Opens a memo that I got: gives its content, and tells the sender the first time.',
  },
  'memo:recall': {
    input: z.object({ memoUid: MemoUid }),
    output: z.object({ memo: Memo }),
    http: 'POST /api/memos/:memoUid/recall',
    summary: 'Takes a memo of mine back from everybody who has not opened it; a trace stays.',
  },
  'memo:delete': {
    input: z.object({ memoUid: MemoUid }),
    output: z.object({ unread: wholeNumber() }),
    http: 'DELETE /api/memos/:memoUid',
    summary: 'Removes a memo from my own boxes; a scheduled one is not delivered.',
  },
  'memo:reschedule': {
    input: z.object({ memoUid: MemoUid, deliverAt: Timestamp }),
    output: z.object({ memo: Memo }),
    http: 'PATCH /api/memos/:memoUid',
    summary: 'Delivers a scheduled memo of mine at another time.',
  },
  'memo:share': {
    input: z.object({ memoUid: MemoUid, entry: IdentityEntry, wrap: Wrap }),
    output: z.object({}),
    http: 'POST /api/memos/:memoUid/keys',
    summary:
      'The key of a memo of mine for a newer identity of one of its readers; of one that has it already, nothing changes.',
  },
});

export const memoEvents = defineEvents({
  /** To each reader: a memo has come. `unread` counts all of theirs. */
  'memo:received': z.object({
    memoUid: MemoUid,
    senderUid: UserUid,
    sentAt: Timestamp,
    unread: wholeNumber(),
  }),
  /** To the sender or a reader: a memo of theirs is not as it was. */
  'memo:changed': z.object({
    memoUid: MemoUid,
    /** How many they have not opened; left out where that did not change. */
    unread: z.optional(wholeNumber()),
    /** To the sender: all that changed is what became of it here. */
    receipt: z.optional(MemoReceipt),
    /** They have it no more. */
    isGone: z.optional(z.boolean()),
  }),
});

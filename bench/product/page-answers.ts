/** What the driver inside the page answers; apart from it, because that file is for browsers and its readers are not. */

export type EpochTimes = { firstMs: number; nextMs: number[]; longTasksMs: number[] };
export type OpeningTimes = { openMs: number[]; verifyMs: number[]; hasWebCrypto: boolean };

/** A room of two real accounts: who can sign in to see it, and the other person, whose messages cannot be opened. */
export type LongRoom = {
  roomUid: string;
  username: string;
  password: string;
  ownerUid: string;
  otherUid: string;
};

/**
 * A sign-in with many rooms. Times in ms from the answer that signs in; what is before is the password's Argon2id.
 * `recordRequests`: for records of rooms, until every room was listed and until the last message of each was opened.
 */
export type FirstList = {
  listMs: number;
  previewsMs: number;
  recordRequests: { list: number; previews: number };
  longTasksMs: number[];
};

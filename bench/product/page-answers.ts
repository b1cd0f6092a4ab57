/** What the driver inside the page answers; apart from it, because that file is for browsers and its readers are not. */

export type EpochTimes = { firstMs: number; nextMs: number[]; longTasksMs: number[] };
export type OpeningTimes = { openMs: number[]; verifyMs: number[]; hasWebCrypto: boolean };

/** A room of two real accounts: who can sign in to see it, and the other person, whose messages cannot be opened. */
export type LongRoom = { roomUid: string; username: string; password: string; otherUid: string };

import * as z from 'zod/mini';
import { canonicalUsername } from './canonical-username.ts';
import { limits } from './limits.ts';

export { canonicalUsername };

/** A random 128-bit id made by a client: 22 base64url characters, the last of which carries only two bits. */
const uidPattern = /^[A-Za-z0-9_-]{21}[AQgw]$/;

const uid = (): z.ZodMiniString<string> => z.string().check(z.regex(uidPattern));

export const UserUid = uid();
export type UserUid = z.infer<typeof UserUid>;
export const RoomUid = uid();
export type RoomUid = z.infer<typeof RoomUid>;
export const ClientId = uid();
export type ClientId = z.infer<typeof ClientId>;
export const DeviceId = uid();
export type DeviceId = z.infer<typeof DeviceId>;
export const SessionUid = uid();
export type SessionUid = z.infer<typeof SessionUid>;
export const InvitationUid = uid();
export type InvitationUid = z.infer<typeof InvitationUid>;

/** `senderUid.clientId`: the name of a message outside the database. */
export const MessageName = z.string().check(z.regex(/^[A-Za-z0-9_-]{21}[AQgw]\.[A-Za-z0-9_-]{21}[AQgw]$/));

/**
 * Whole numbers on the wire. HTTP query strings carry text, so a canonical decimal string is accepted as well.
 */
export const wholeNumber = (minimum = 0, maximum = Number.MAX_SAFE_INTEGER) =>
  z.pipe(
    z.union([
      z.number(),
      z.pipe(
        z.string().check(z.regex(/^(0|[1-9][0-9]{0,15})$/)),
        z.transform((text: string) => Number(text)),
      ),
    ]),
    z.int().check(z.minimum(minimum), z.maximum(maximum)),
  );

/** Which of a person’s identities (docs/e2e-protocol.md section 3). */
export const IdentityVersion = wholeNumber(1, 9_999);

/** Per-room message number, dense from 1. 0 stands for "before the first". */
export const Seq = wholeNumber();
/** Per-room or per-user revision: the state of what a client caches. */
export const Rev = wholeNumber();
/** Milliseconds since 1970, by the server's clock. */
export const Timestamp = wholeNumber();

/**
 * A user name as the server stores it: NFC, ASCII lower case, Hangul syllables, ASCII letters and digits, `._-`.
 * Input is brought to that form first, so that `Kim` and `kim` are one person.
 */
export const Username = z.pipe(
  z.pipe(
    z.string().check(z.maxLength(200)),
    z.transform((text: string) => canonicalUsername(text)),
  ),
  z
    .string()
    .check(z.minLength(limits.usernameMin), z.maxLength(limits.usernameMax), z.regex(/^[가-힣a-z0-9._-]+$/)),
);

/**
 * Characters that show nothing or turn the line around: with one of them a name looks like somebody else's. Joiners and
 * selectors are not among them, because emoji and some scripts are written with them.
 */
const deceptive =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]/u;
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A line of text for people: NFC, trimmed, `minimum`–`maximum` characters, nothing invisible; empty or to be seen. */
export const lineOfText = (minimum: number, maximum: number) =>
  z.pipe(
    z.pipe(
      z.string().check(z.maxLength(maximum * 4 + 16)),
      z.transform((text: string) => text.normalize('NFC').trim()),
    ),
    z.string().check(
      z.minLength(minimum),
      z.maxLength(maximum),
      z.refine((text) => !deceptive.test(text)),
      z.refine((text) => text === '' || visible.test(text)),
    ),
  );

/** Text of several lines for people, which may be empty: NFC, trimmed, line feeds only, nothing else invisible. */
export const textBlock = (maximum: number) =>
  z.pipe(
    z.pipe(
      z.string().check(z.maxLength(maximum * 4 + 16)),
      z.transform((text: string) =>
        text.normalize('NFC').replace(/\r\n?/g, '\n').replaceAll('\t', ' ').trim(),
      ),
    ),
    z.string().check(
      z.maxLength(maximum),
      z.refine((text) => !deceptive.test(text.replaceAll('\n', ' '))),
    ),
  );

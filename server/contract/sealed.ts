/**
 * The form of everything that is sealed or signed by a client. The server checks form only (and an epoch record's
 * signature); it can open none of it. docs/e2e-protocol.md has the byte formats.
 */
import * as z from 'zod/mini';
import { IdentityVersion, RoomUid, Seq, Timestamp, UserUid, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';

/** Characters of `bytes` bytes in base64url without padding. */
const b64Length = (bytes: number): number => Math.ceil((bytes * 8) / 6);

/**
 * The last character, by bytes modulo 3: the bits that no byte needs are zero, so that every value has one spelling.
 */
const lastCharacter = ['[A-Za-z0-9_-]', '[AQgw]', '[AEIMQUYcgkosw048]'] as const;

/** Exactly `bytes` bytes in base64url without padding. */
const b64Bytes = (bytes: number) =>
  z
    .string()
    .check(z.regex(new RegExp(`^[A-Za-z0-9_-]{${b64Length(bytes) - 1}}${lastCharacter[bytes % 3] ?? ''}$`)));

const canonicalEnd = lastCharacter.map((pattern) => new RegExp(`${pattern}$`));

/**
 * True if the text can be the base64url of SEAL's result: 16 bytes of IV, whole AES blocks, 32 bytes of tag
 * (docs/e2e-protocol.md section 2), with no stray bits. Looks at the length and the last character only.
 */
export function isSealedForm(text: string): boolean {
  const bytes = Math.floor((text.length * 6) / 8);
  if (bytes < 64 || (bytes - 48) % 16 !== 0 || text.length !== b64Length(bytes)) return false;
  return canonicalEnd[bytes % 3]?.test(text.slice(-1)) ?? false;
}

/** Base64url of sealed bytes, at most `maximum` characters. */
const sealedUpTo = (maximum: number) =>
  z.string().check(z.maxLength(maximum), z.regex(/^[A-Za-z0-9_-]+$/), z.refine(isSealedForm));

export const Salt = b64Bytes(16);
export const AuthKey = b64Bytes(32);
export const RecoveryAuth = b64Bytes(32);
export const Signature = b64Bytes(64);
/** SHA-256 of an epoch record. */
export const RecordHash = b64Bytes(32);
/** A wrapped 64-byte key: 32 bytes of ephemeral public key and 128 sealed bytes. */
export const Wrap = b64Bytes(160);
/** The vault key sealed under the password's wrap key: SEAL of 64 bytes. */
export const PasswordWrap = b64Bytes(128);
export const VaultBlob = sealedUpTo(limits.vaultBlobMax);

/** Argon2id parameters a client accepts: anything weaker or absurdly costly is refused. */
export const KdfParameters = z.object({
  memoryKiB: z.int().check(z.minimum(65_536), z.maximum(262_144)),
  iterations: z.int().check(z.minimum(3), z.maximum(10)),
  parallelism: z.literal(1),
});
export type KdfParameters = z.infer<typeof KdfParameters>;

/** The statement of a person's identity version, verbatim as it was signed. */
export const Statement = z
  .string()
  .check(
    z.regex(/^maru\/1\|identity\|[A-Za-z0-9_-]{22}\|[1-9][0-9]{0,3}\|[A-Za-z0-9_-]{43}\|[A-Za-z0-9_-]{43}$/),
  );

/** An epoch record, verbatim as it was signed. 1,000 entries of up to 50 characters fit. */
export const RecordText = z
  .string()
  .check(
    z.maxLength(60_000),
    z.regex(
      /^maru\/1\|epoch\|[A-Za-z0-9_-]{22}\|[dg]\|[1-9][0-9]{0,15}\|[A-Za-z0-9_-]{43}\|(-|[A-Za-z0-9_-]{43})\|[01]\|[A-Za-z0-9_.-]+\|[A-Za-z0-9_.,-]+$/,
    ),
  );

/** `m1.<epoch>.<sealed>`: a sealed message. */
export const Envelope = z.string().check(
  z.maxLength(limits.envelopeMax),
  z.regex(/^m1\.[1-9][0-9]{0,15}\.[A-Za-z0-9_-]{150,}$/),
  z.refine((text) => isSealedForm(text.slice(text.indexOf('.', 3) + 1))),
);

/** What stands for an emoji of one message in one epoch: the server can count it and cannot read it. */
export const ReactionToken = b64Bytes(16);

/** `r1.<epoch>.<sealed>`: the emoji of a reaction, at most 64 bytes before sealing. */
export const SealedReaction = z.string().check(
  z.maxLength(192),
  z.regex(/^r1\.[1-9][0-9]{0,15}\.[A-Za-z0-9_-]{86,171}$/),
  z.refine((text) => isSealedForm(text.slice(text.indexOf('.', 3) + 1))),
);

/** A wrapped room key for one entry of a record. */
export const WrapFor = z.object({ userUid: UserUid, wrap: Wrap });
export type WrapFor = z.infer<typeof WrapFor>;

/** What a client sends to make an epoch: the record, its signature and one wrap per entry. */
export const NewEpoch = z.object({
  record: RecordText,
  signature: Signature,
  // somewhat more than a room may have, so that one too many is ROOM_FULL instead of a malformed request
  wraps: z.array(WrapFor).check(z.minLength(1), z.maxLength(limits.roomMembersMax + 100)),
});
export type NewEpoch = z.infer<typeof NewEpoch>;

/** One more wrapped key of an epoch, and the identity version that it is for. */
export const OtherWrap = z.object({ version: IdentityVersion, wrap: Wrap });
export type OtherWrap = z.infer<typeof OtherWrap>;

/** A stored epoch as one member sees it. `wrap` is the caller's own, null if none was ever made for them. */
export const EpochRow = z.object({
  roomUid: RoomUid,
  epoch: wholeNumber(1),
  hash: RecordHash,
  record: RecordText,
  signature: Signature,
  wrap: z.nullable(Wrap),
  /** The identity version of mine that the wrap is for; left out without a wrap. */
  wrapVersion: z.optional(IdentityVersion),
  /** Where there are any: those for older identities of mine, and those that were reported, to be tried where `wrap` does not open. */
  otherWraps: z.optional(z.array(OtherWrap)),
  /** `last_seq` of the room when the record was made: where "joined"/"is no longer here" lines go. */
  afterSeq: Seq,
  madeAt: Timestamp,
});
export type EpochRow = z.infer<typeof EpochRow>;

/** A published identity statement. */
export const StatementRow = z.object({
  userUid: UserUid,
  version: IdentityVersion,
  statement: Statement,
  signature: Signature,
});
export type StatementRow = z.infer<typeof StatementRow>;

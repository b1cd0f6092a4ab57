/**
 * After a restore (docs/e2e-protocol.md section 8): browsers that are ahead of the restored server give back what it lost.
 * Only a server that was restored takes any of it; another one answers FORBIDDEN.
 */
import * as z from 'zod/mini';
import { Vault, VaultPart } from './accounts.ts';
import { RoomUid, Timestamp, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { defineRequests } from './request.ts';
import { Room, RoomTitle } from './rooms.ts';
import {
  AuthKey,
  KdfParameters,
  PasswordWrap,
  RecordText,
  RecoveryAuth,
  Salt,
  Signature,
  StatementRow,
  Wrap,
  WrapFor,
} from './sealed.ts';

/** An epoch that was made before: record and signature verbatim, wraps made anew, or none by somebody without its key. */
export const EpochGivenBack = z.object({
  record: RecordText,
  signature: Signature,
  wraps: z.array(WrapFor).check(z.maxLength(limits.roomMembersMax)),
});
export type EpochGivenBack = z.infer<typeof EpochGivenBack>;

const OwnStatement = z.pick(StatementRow, { version: true, statement: true, signature: true });

export const restoreRequests = defineRequests({
  'restore:get': {
    input: z.object({}),
    output: z.object({ restoredAt: z.nullable(Timestamp) }),
    http: 'GET /api/restore',
    summary: 'When a backup was last restored on this server; null if never.',
  },
  'vault:restore': {
    input: z.object({
      /** The counters that the server has now: compare-and-set. */
      from: z.object({ keys: wholeNumber(1), pins: wholeNumber(1) }),
      pins: VaultPart,
      /** Left out if the server's are the newest. `wraps` come along when the vault key is another one. */
      keys: z.optional(
        z.object({
          authKey: AuthKey,
          part: VaultPart,
          wraps: z.optional(
            z.object({
              passwordWrap: PasswordWrap,
              recoveryWrap: Wrap,
              recoveryAuth: RecoveryAuth,
              /** That the password wrap is under, where it is another one than the server knows. */
              password: z.optional(z.object({ salt: Salt, kdf: KdfParameters, authKey: AuthKey })),
            }),
          ),
          /**
           * Versions above the one that the server has, ascending: a reset that it lost. Taken once, with `wraps` and
           * `password`, of an identity that was published before the restore. Ends all other sessions.
           */
          statements: z.optional(
            z.array(OwnStatement).check(z.minLength(1), z.maxLength(limits.statementsKeptOfPerson)),
          ),
        }),
      ),
    }),
    output: Vault,
    http: 'PUT /api/vault/restored',
    limit: 'login',
    summary: 'Gives a restored server the vault that this browser remembers, under higher counters.',
  },
  'room:restore': {
    input: z.object({
      roomUid: RoomUid,
      /** For a group that the server does not know any more. */
      title: z.optional(RoomTitle),
      /** Consecutive, ascending; those that the server has must be the same. A room that it lost begins at epoch 1. */
      epochs: z.array(EpochGivenBack).check(z.minLength(1), z.maxLength(limits.epochsGivenBack)),
      /**
       * Identities that the records name and the server does not know any more. They say nothing about whose newest they are;
       * people whom the server does not know at all count as having left.
       */
      statements: z.array(StatementRow).check(z.maxLength(limits.statementsGivenBack)),
    }),
    output: z.object({ room: Room }),
    http: 'POST /api/rooms/:roomUid/restored',
    summary: 'Gives a restored server the epochs of a room that it lost; membership follows the records.',
  },
});

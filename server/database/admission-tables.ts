/** The tables of who is let in: a part of `tables.ts`. */
import type { Generated } from 'kysely';

/** Groups that somebody was taken out of: proposed to them again when the account is in use again. */
export type FormerRoomsTable = { user_id: number; room_id: number; left_at: number };

export type InvitationsTable = {
  id: Generated<number>;
  uid: string;
  /** Of the code in its canonical spelling, as `AccountSecrets.invitation` makes it: keyed, base64url. */
  code_hash: string;
  note: string;
  uses_max: number;
  uses: Generated<number>;
  created_at: number;
  ends_at: number;
  revoked_at: number | null;
  /** Null for the machine itself. */
  maker_id: number | null;
};

/** What the first screen knows of trust and recovery; later pieces fill it. No DOM. */
import type { DeskActions } from './desk-actions.ts';
import type { HealingActions } from './healing-actions.ts';
import type { RecoveryActions } from './recovery-actions.ts';
import type { Rehearsal } from './recovery-light.ts';

export type TrustNews = {
  rehearsal: Rehearsal | null;
  isRehearsing: boolean;
  /** People whose safety number I compared, as far as anybody has looked. */
  verifiedUids: ReadonlySet<string>;
  /** People whose newest key is confirmed by nobody yet, or contradicts the one I knew; likewise. */
  unconfirmedUids: ReadonlySet<string>;
};

export const noTrustNews = (): TrustNews => ({
  rehearsal: null,
  isRehearsing: false,
  verifiedUids: new Set(),
  unconfirmedUids: new Set(),
});

/** The actions of `recovery-actions.ts`, whose code comes with the first of them. */
export const recoveryNames: { [Name in keyof RecoveryActions]: true } = { watch: true, rehearse: true };

/** That of `healing-actions.ts`. */
export const healingNames: { [Name in keyof HealingActions]: true } = {
  watch: true,
  confirmed: true,
};

/** Those of `desk-actions.ts`. */
export const deskNames: { [Name in keyof DeskActions]: true } = {
  ownDigits: true,
  roomDigits: true,
  personTrust: true,
  roomTrust: true,
  safetyNumber: true,
  markVerified: true,
  compareCode: true,
  dropMark: true,
  confirmIdentity: true,
  confirmRecord: true,
  lookAtMarks: true,
};

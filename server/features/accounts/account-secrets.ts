/** What is derived from the server's secret. Each use has a label of its own, so that no value stands for another. */
import { createHmac } from 'node:crypto';
import type { KdfParameters } from '#contract/sealed.ts';

/** What clients use for new accounts, and what a name without an account seems to have. */
export const defaultKdf: KdfParameters = { memoryKiB: 65_536, iterations: 3, parallelism: 1 };

export type AccountSecrets = {
  /** A stable salt for a name that has no account, so that prelogin does not tell which names exist. */
  madeUpSalt: (username: string) => string;
  /** The digest under which a deleted account's name stays reserved; without the secret it cannot be guessed at. */
  retiredName: (username: string) => string;
  /** The digest under which a one-time code of this person is kept; a stolen database gives no code away. */
  resetCode: (userUid: string, code: string) => string;
  /** The digest under which an invitation's code is kept. */
  invitation: (code: string) => string;
  /** 64 bytes under which a browser keeps its vault key (docs/e2e-protocol.md section 3); never stored. */
  deviceKey: (sessionToken: string) => string;
};

/** `secret` is the server's own: 64 bytes. */
export function createAccountSecrets(secret: Uint8Array): AccountSecrets {
  const mac = (hash: 'sha256' | 'sha512', label: string, field: string): Buffer =>
    createHmac(hash, secret).update(`maru/1|${label}|${field}`).digest();
  const encoded = (username: string): string => Buffer.from(username).toString('base64url');
  return {
    madeUpSalt: (username) =>
      mac('sha256', 'prelogin', encoded(username)).subarray(0, 16).toString('base64url'),
    retiredName: (username) => mac('sha256', 'retired-username', encoded(username)).toString('base64url'),
    resetCode: (userUid, code) =>
      mac('sha256', 'reset-code', `${userUid}|${encoded(code)}`).toString('base64url'),
    invitation: (code) => mac('sha256', 'invitation', encoded(code)).toString('base64url'),
    deviceKey: (sessionToken) => mac('sha512', 'device', sessionToken).toString('base64url'),
  };
}

import type { CryptoErrorCode } from './crypto-error.ts';
import type { CryptoEngine, CryptoEngineDeps, CryptoStorage } from './engine-types.ts';
import type { KdfParameters } from '#contract/sealed.ts';

/** What page, engine worker and Argon2 worker say to each other (postMessage, structured clone). */

export type EngineMethod = keyof CryptoEngine;

/** What the engine asks of the page. */
export type PageRequests = {
  storageGet: CryptoStorage['get'];
  storagePut: CryptoStorage['put'];
  fetchRecords: CryptoEngineDeps['fetchRecords'];
  fetchStatements: CryptoEngineDeps['fetchStatements'];
};
export type PageRequest = keyof PageRequests;

export type WorkerError = { code: CryptoErrorCode; subject?: string };

export type Reply = { id: number; ok: true; value: unknown } | { id: number; ok: false; error: WorkerError };

export type PageToWorker =
  | { type: 'start'; deviceId: string }
  /** The Argon2 worker was started, or it has died; `argon2-wanted` asks for it. */
  | { type: 'argon2-connected'; port: MessagePort }
  | { type: 'argon2-failed' }
  | { type: 'call'; id: number; method: EngineMethod; input: unknown[] }
  | ({ type: 'answer' } & Reply);

export type WorkerToPage =
  | ({ type: 'result' } & Reply)
  | { type: 'ask'; id: number; name: PageRequest; input: unknown[] }
  | { type: 'pins-changed' }
  /** A password is to be stretched and no Argon2 worker is there. */
  | { type: 'argon2-wanted' };

export type PageToArgon2 = { type: 'connect'; port: MessagePort };

export type Argon2Request = { id: number; password: string; salt: Uint8Array; kdf: KdfParameters };
export type Argon2Reply = { id: number; ok: true; value: Uint8Array } | { id: number; ok: false };

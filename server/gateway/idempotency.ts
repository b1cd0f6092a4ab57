/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): the repeat of a write gets the first answer. Answers are
 * kept sealed under a key that comes from the request itself, so that what is stored opens only for somebody who sends the
 * same request again: the answer to a registration holds a session token and a device key.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { AppError } from '../app-error.ts';

export type StoredAnswer = { requestDigest: string; answer: string };

/** Rows by owner and key, younger than a day. `owner` is a user's uid, or `-` before sign-in. */
export type IdempotencyStore = {
  find(owner: string, key: string, now: number): Promise<StoredAnswer | null>;
  save(row: StoredAnswer & { owner: string; key: string; now: number }): Promise<void>;
};

/** What has to come out the same at a repeat. */
export type Outcome = { value: unknown; cookie: { token: string; csrfToken: string } | null };

export type IdempotentRequest = { owner: string; key: string; name: string; input: unknown; now: number };

export type Idempotency = {
  /**
   * Runs `work`, or gives the outcome that it had the first time. Only successes are kept: a refusal changed nothing, and
   * the repeat may well succeed. Throws IDEMPOTENCY_MISMATCH if the key came with a different request.
   */
  once(request: IdempotentRequest, work: () => Promise<Outcome>): Promise<Outcome>;
};

const keyPattern = /^[\x21-\x7e]{1,200}$/;

/** The key in a request's header, or null if there is none. Throws INVALID_INPUT for one that is malformed. */
export function idempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && keyPattern.test(header)) return header;
  throw new AppError('INVALID_INPUT', { field: 'Idempotency-Key' });
}

/** `secret` is the server's own. */
export function createIdempotency(store: IdempotencyStore, secret: Uint8Array): Idempotency {
  /** Repeats that arrive while the first is still under way wait for it here. */
  const underWay = new Map<string, Promise<unknown>>();

  async function lookUpOrRun(request: IdempotentRequest, work: () => Promise<Outcome>): Promise<Outcome> {
    const { owner, key, now } = request;
    const content = canonicalJson([request.name, request.input]);
    const requestDigest = keyed(secret, 'digest', content).toString('base64url');
    const sealKey = keyed(secret, 'answer', content);
    const stored = await store.find(owner, key, now);
    if (stored !== null) {
      if (stored.requestDigest !== requestDigest) throw new AppError('IDEMPOTENCY_MISMATCH');
      return openOutcome(sealKey, stored.answer);
    }
    const outcome = await work();
    await store.save({ owner, key, requestDigest, answer: sealOutcome(sealKey, outcome), now });
    return outcome;
  }

  return {
    async once(request, work) {
      const place = `${request.owner} ${request.key}`;
      const before = underWay.get(place);
      const mine = (async () => {
        await before?.catch(() => undefined); // the first one's failure is its own
        return lookUpOrRun(request, work);
      })();
      underWay.set(place, mine);
      try {
        return await mine;
      } finally {
        if (underWay.get(place) === mine) underWay.delete(place);
      }
    },
  };
}

const keyed = (secret: Uint8Array, purpose: string, content: string): Buffer =>
  createHmac('sha256', secret).update(`maru/1|idempotency-${purpose}|`).update(content).digest();

/** Keys in order, so that the same fields in another order are the same request. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)))
      : item,
  );
}

const ivBytes = 12;
const tagBytes = 16;

function sealOutcome(key: Buffer, outcome: Outcome): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const sealed = Buffer.concat([
    iv,
    cipher.update(JSON.stringify(outcome)),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return sealed.toString('base64url');
}

function openOutcome(key: Buffer, text: string): Outcome {
  const sealed = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const json = Buffer.concat([decipher.update(sealed.subarray(ivBytes, -tagBytes)), decipher.final()]);
  return JSON.parse(json.toString()) as Outcome; // authenticated: these are the bytes that sealOutcome wrote
}

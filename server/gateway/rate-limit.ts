/**
 * Rate limits: points per minute for a person, 20 times as many for an address (an office may share one) or an IPv6 network of
 * 64 bits.
 */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { RateLimitName } from '#contract/request.ts';
import { AppError } from '../app-error.ts';
import { networkOf } from './address-network.ts';

export type RateLimitPoints = Readonly<Record<RateLimitName, number>>;

export type RateLimits = {
  /**
   * Takes a point of the person (if signed in) and of the address, where those who are not signed in have points of their
   * own. Throws RATE_LIMITED with the time until the next minute's points. Each request has points of its own, but those
   * of `general` share them.
   */
  take(limit: RateLimitName, requestName: string, userUid: string | null, address: string): Promise<void>;
  /** Before sign-in: a point of this name as tried from this address. */
  takeForName(limit: RateLimitName, requestName: string, name: string, address: string): Promise<void>;
  /** Refusals since the start. */
  refusals: () => Readonly<Record<RateLimitName, number>>;
};

const windowSeconds = 60;
const addressFactor = 20;

/** In memory, for one process. */
export function createRateLimits(points: RateLimitPoints): RateLimits {
  const refusals: Record<RateLimitName, number> = {
    login: 0,
    register: 0,
    upload: 0,
    search_advanced: 0,
    socket_send_message: 0,
    general: 0,
  };
  const perPerson = limitersOf(points, 1);
  const perAddress = limitersOf(points, addressFactor);

  async function consume(limit: RateLimitName, limiter: RateLimiterAbstract, key: string): Promise<void> {
    try {
      await limiter.consume(key);
    } catch (result) {
      if (!(result instanceof RateLimiterRes)) throw result;
      refusals[limit] += 1;
      throw new AppError('RATE_LIMITED', { retryAfterMs: Math.max(1, Math.ceil(result.msBeforeNext)) });
    }
  }

  return {
    async take(limit, requestName, userUid, address) {
      const bucket = limit === 'general' ? '' : requestName;
      // the person first: whoever is refused there does not use up what the others at the address have
      if (userUid !== null) await consume(limit, perPerson[limit], bucket + userUid);
      // a stranger in the same office cannot use up what its people have
      await consume(
        limit,
        perAddress[limit],
        `${bucket}${userUid === null ? '-' : '+'}${networkOf(address)}`,
      );
    },
    takeForName: (limit, requestName, name, address) =>
      consume(limit, perPerson[limit], `${requestName}${address}|${name}`),
    refusals: () => refusals,
  };
}

function limitersOf(points: RateLimitPoints, factor: number): Record<RateLimitName, RateLimiterAbstract> {
  const limiter = (name: RateLimitName): RateLimiterAbstract =>
    new RateLimiterMemory({ points: points[name] * factor, duration: windowSeconds, keyPrefix: '' });
  return {
    login: limiter('login'),
    register: limiter('register'),
    upload: limiter('upload'),
    search_advanced: limiter('search_advanced'),
    socket_send_message: limiter('socket_send_message'),
    general: limiter('general'),
  };
}

/** What a client or an integrator may know before anybody has signed in. */
import { limits } from '#contract/limits.ts';
import type { RateLimitName } from '#contract/request.ts';
import { contractVersion } from '#contract/server-info.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { FeatureDatabase } from '../feature-types.ts';
import { readSignUp } from './server-state.ts';

export type ServerInfoDeps = {
  database: FeatureDatabase;
  generation: string;
  /** Null on a server that never was. */
  restoredAt: number | null;
  /** Points per minute of each named limit. */
  rateLimits: Readonly<Record<RateLimitName, number>>;
  maxContentLength: number;
};

export function createServerRequests(
  deps: ServerInfoDeps,
): Pick<RequestHandlers, 'config:get' | 'server:info'> {
  const { database, generation, restoredAt, rateLimits } = deps;
  const perMinute = (name: RateLimitName) => ({ limit: rateLimits[name], window_seconds: 60 });
  return {
    'config:get': () => ({
      upload: { max_size_bytes: deps.maxContentLength },
      rate_limits: {
        login: perMinute('login'),
        register: perMinute('register'),
        upload: perMinute('upload'),
        search_advanced: perMinute('search_advanced'),
        socket_send_message: perMinute('socket_send_message'),
      },
      features: { oidc: false, av: false, redis: false },
    }),

    async 'server:info'({ isFromHost, now }) {
      const first = await database.read
        .selectFrom('users')
        .select('id')
        .where('state', '!=', 'deleted')
        .limit(1)
        .executeTakeFirst();
      const isSetUpNeeded = first === undefined;
      return {
        contractVersion,
        serverTime: now,
        generation,
        ...(restoredAt === null ? {} : { restoredAt }),
        isSetUpNeeded,
        isSetUpCodeNeeded: isSetUpNeeded && !isFromHost,
        signUp: await readSignUp(database.read),
        passwordMin: limits.passwordMin,
      };
    },
  };
}

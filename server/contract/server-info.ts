import * as z from 'zod/mini';
import { defineRequests } from './request.ts';
import { Timestamp } from './ids.ts';

export { contractVersion } from './version.ts';

const perMinute = z.object({ limit: z.int(), window_seconds: z.int() });

/** `GET /api/config`, kept exactly as promised to integrators. */
export const PublicConfig = z.object({
  upload: z.object({ max_size_bytes: z.int() }),
  rate_limits: z.object({
    login: perMinute,
    register: perMinute,
    upload: perMinute,
    search_advanced: perMinute,
    socket_send_message: perMinute,
  }),
  features: z.object({ oidc: z.boolean(), av: z.boolean(), redis: z.boolean() }),
});

/** What the client needs before anybody has signed in. */
export const ServerInfo = z.object({
  contractVersion: z.int(),
  serverTime: Timestamp,
  /** New after every restore: with another one a client drops its cache of rows. */
  generation: z.string(),
  /** When a backup was last restored, so that the sign-in form can say which password counts; left out if never. */
  restoredAt: z.optional(Timestamp),
  /** True while no account exists. */
  isSetUpNeeded: z.boolean(),
  /** True if the first account needs the code shown where the server was started (false on the machine itself). */
  isSetUpCodeNeeded: z.boolean(),
  signUp: z.enum(['open', 'approval', 'invitation', 'closed']),
  passwordMin: z.int(),
});
export type ServerInfo = z.infer<typeof ServerInfo>;

export const serverRequests = defineRequests({
  'config:get': {
    input: z.object({}),
    output: PublicConfig,
    http: 'GET /api/config',
    access: 'public',
    summary: 'Limits and features of this server, for integrators.',
  },
  'server:info': {
    input: z.object({}),
    output: ServerInfo,
    http: 'GET /api/server',
    access: 'public',
    summary: 'What a client needs to know before anybody has signed in.',
  },
});

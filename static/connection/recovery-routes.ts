import type { RequestName, Requests } from '#contract/index.ts';

/** Routes that only somebody needs who comes back in or changes keys: not among those that the first screens load. */
export const recoveryRoutes = {
  'recovery:open': 'POST /api/recovery/open',
  'recovery:complete': 'POST /api/recovery',
  'account:change-password': 'PUT /api/me/password',
  'reset:open': 'POST /api/reset/open',
  'reset:complete': 'POST /api/reset',
  'vault:old': 'GET /api/vault/old',
  'vault:open-old': 'POST /api/vault/old/open',
  'identity:succeed': 'POST /api/me/successions',
} as const satisfies { [Name in RequestName]?: Requests[Name]['http'] };

/** What the administrator decided for everybody. No DOM. */
import type { ServerPolicies } from '#contract/policies.ts';

/** Until the server has said something, nobody is shown how far others have read, and nothing is offered that it may refuse. */
export const unknownPolicies: ServerPolicies = { readReceipts: 'off', recallHours: 0 };

/** What this browser kept of the last time; what it does not know, or no longer, is as if nothing were known. */
export const storedPolicies = (text: string | null): ServerPolicies => {
  if (text === null) return unknownPolicies;
  try {
    // Written by this client, perhaps an older one.
    return { ...unknownPolicies, ...(JSON.parse(text) as Partial<ServerPolicies>) };
  } catch {
    return unknownPolicies;
  }
};

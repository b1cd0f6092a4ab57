/** Entry of the script that the engine's worker loads when somebody is confirmed, compared or healed. */
import { createTrustDesk } from './trust-desk.ts';
import { offerPart } from './worker-parts.ts';

offerPart('trust', createTrustDesk);

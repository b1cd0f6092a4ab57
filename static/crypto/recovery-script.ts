/** Entry of the script that the engine's worker loads when somebody comes back in or changes the password. */
import { createRecoveryDesk } from './recovery-desk.ts';
import { offerPart } from './worker-parts.ts';

offerPart('recovery', createRecoveryDesk);

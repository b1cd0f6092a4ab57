/** Entry of the script that the Argon2 worker loads where WebAssembly does not run. */
import { argon2idScript } from './primitives-argon2-script.ts';
import { offerPart } from './worker-parts.ts';

offerPart('argon2Script', argon2idScript);

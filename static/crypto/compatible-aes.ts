/** Entry of the script that the engine's worker loads when its own AES fails the known-answer test. */
import { cryptoJsAes256 } from './primitives-compatible.ts';
import { offerPart } from './worker-parts.ts';

offerPart('compatibleAes', cryptoJsAes256);

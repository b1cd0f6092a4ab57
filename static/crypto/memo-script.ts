/** Entry of the script that the engine's worker loads when the first memo is sealed or opened. */
import { createMemoBox } from './memo-box.ts';
import { offerPart } from './worker-parts.ts';

offerPart('memos', createMemoBox);

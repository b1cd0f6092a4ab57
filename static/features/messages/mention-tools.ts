/** What calling people needs beyond finding calls in a text. A later piece. */
export { createMentionCompletion } from './mention-completion.ts';
export { markMentions } from './mention-marks.ts';
export { openMentions } from './mentions-view.ts';

/** What is shown of pins and notices beside the details pane: one piece. */
export { createNoticeBanner } from './notice-banner-view.ts';
export { tellReminder } from './reminder-toast.ts';

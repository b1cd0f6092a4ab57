/** Dialogs of messages for later. A later piece. */
export { openScheduleDialog, tomorrowMorning } from './schedule-dialog-view.ts';
export { openScheduled } from './scheduled-view.ts';

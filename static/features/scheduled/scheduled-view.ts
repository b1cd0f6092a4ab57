import { h, replaceContent } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { isKnownCode } from '../../connection/known-codes.ts';
import { createFrameTask } from '../../ui/frame-task.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import { drop } from '../../state/drop.ts';
import type { Result } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { contentPreview } from '../messages/content-preview.ts';
import { isSelfRoom, roomTitle } from '../rooms/room-state.ts';
import { openScheduleDialog } from './schedule-dialog-view.ts';
import { scheduledList } from './scheduled-state.ts';
import type { ScheduledEntry } from './scheduled-state.ts';

/** What waits for its time, the next one first: change it, send it now, take it back. */
export function openScheduled(context: PageContext): void {
  const { app, locale, toasts } = context;
  const { scheduled, rooms, people, account } = app.stores;
  const body = h('div', {}, skeletonRows(3, locale.t('common.loading')));

  const titleOf = (roomUid: string): string => {
    const room = rooms.get().byUid.get(roomUid)?.room;
    if (room === undefined) return locale.t('scheduled.roomGone');
    if (isSelfRoom(room)) return locale.t('rooms.self');
    return roomTitle(room, people.get().byUid, meUidOf(account.get()) ?? '');
  };
  const report = async (asked: Promise<Result<void>>): Promise<void> => {
    const result = await asked;
    if (!result.ok) toasts.show({ text: locale.failure(result), isProblem: true });
  };
  const stateWords = ({ message }: ScheduledEntry): string => {
    if (message.state === 'needs-reseal') return locale.t('scheduled.needsReseal');
    if (message.state === 'waiting') return locale.full(message.deliverAt);
    const code = message.reason ?? '';
    return isKnownCode(code) ? locale.failure({ code }) : locale.t('scheduled.failed');
  };
  const rowOf = (entry: ScheduledEntry): HTMLElement => {
    const { clientId, deliverAt, state, roomUid } = entry.message;
    const { content } = entry;
    const text = content.state === 'open' ? content.text : '';
    const change = (): void =>
      openScheduleDialog(context, {
        text,
        deliverAt: Math.max(deliverAt, app.clock.now() + 60_000),
        onSave: (next, at) => app.actions.scheduled.change(clientId, next, at),
        onDone: () => undefined,
      });
    const now = (): void => drop(report(app.actions.scheduled.change(clientId, text, app.clock.now())));
    const isUsable = content.state === 'open' && rooms.get().byUid.has(roomUid);
    return h(
      'li',
      { class: 'scheduled__row' },
      h('div', { class: 'scheduled__head' }, h('b', {}, titleOf(roomUid))),
      h(
        'div',
        { class: state === 'failed' ? 'scheduled__when scheduled__when--bad' : 'scheduled__when' },
        stateWords(entry),
      ),
      h('p', { class: 'scheduled__text' }, contentPreview(content, locale)),
      h(
        'div',
        { class: 'scheduled__acts' },
        isUsable && button({ label: locale.t('scheduled.change'), size: 'small', onClick: change }),
        isUsable && button({ label: locale.t('scheduled.now'), size: 'small', onClick: now }),
        button({
          label: locale.t('scheduled.cancel'),
          size: 'small',
          kind: 'danger',
          onClick: () => drop(report(app.actions.scheduled.cancel(clientId))),
        }),
      ),
    );
  };
  const paint = (): void => {
    const state = scheduled.get();
    const entries = scheduledList(state);
    if (!state.isLoaded) return;
    if (entries.length === 0) {
      const none = {
        icon: 'clock' as const,
        title: locale.t('scheduled.none'),
        text: locale.t('scheduled.noneText'),
      };
      replaceContent(body, emptyState(none));
      return;
    }
    replaceContent(body, h('ul', { class: 'scheduled' }, ...entries.map(rowOf)));
  };
  const task = createFrameTask(paint);
  const stop = scheduled.subscribe((state) => state, task.request);
  openDialog({
    title: locale.t('scheduled.title'),
    closeLabel: locale.t('common.close'),
    body: [body],
    onClose: () => {
      stop();
      task.cancel();
    },
  });
  paint();
  const load = async (): Promise<void> => {
    const result = await app.actions.scheduled.refresh();
    if (result.ok) paint();
    else if (!scheduled.get().isLoaded) {
      replaceContent(body, h('p', { class: 'dialog__text' }, locale.failure(result)));
    }
  };
  drop(load());
}

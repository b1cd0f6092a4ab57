/** What must be seen before writing in a room: a room on hold, keys that changed, and names that are not what they were. */
import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { createCalmTask } from '../../ui/calm-task.ts';
import { notice } from '../../ui/notice.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { NameWarning, RoomVerdict } from '../../crypto/index.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { openOwnDigits } from './own-digits-view.ts';
import { openPersonSecurity } from './person-security-view.ts';
import { openRoomSecurity } from './room-security-view.ts';
import { openVerifiedSend } from './verified-send-view.ts';
import { changedPeople } from './trust-state.ts';
import { nameOf } from './trust-words.ts';

export function createRoomNotices(context: PageContext, roomUid: string): View {
  const { app } = context;
  const disposables = createDisposables();
  const element = h('div', {});
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  const verdictOf = (): RoomVerdict | null => app.stores.rooms.get().byUid.get(roomUid)?.keys.verdict ?? null;
  let shown = '';
  /** Whose new key was said already. */
  const told = new Set<string>();
  const paint = (): void => {
    const verdict = verdictOf();
    const changed = verdict === null ? [] : changedPeople(verdict, app.stores.people.get().byUid, meUid);
    // Drawn only when it says something else: an alert that is drawn again is read out again.
    const key = JSON.stringify([
      verdict?.status,
      verdict?.reason,
      verdict?.subject,
      verdict?.nameWarnings,
      verdict?.markChanged,
      changed.map((userUid) => [userUid, nameOf(context, userUid)]),
    ]);
    if (key === shown) return;
    shown = key;
    for (const userUid of changed) {
      if (told.has(userUid)) continue;
      told.add(userUid);
      context.announce(context.locale.t('trust.changedLine', { name: nameOf(context, userUid) }));
    }
    replaceContent(element, ...(verdict === null ? [] : noticesOf(context, verdict, changed)));
  };
  const task = createCalmTask(element, paint);
  disposables.add(
    app.stores.rooms.subscribe(verdictOf, task.request),
    app.stores.people.subscribe((state) => state.byUid, task.request),
    task.cancel,
  );
  paint();
  return { element, dispose: disposables.dispose };
}

const link = (label: string, onClick: () => void): HTMLElement => button({ label, kind: 'link', onClick });

function noticesOf(context: PageContext, verdict: RoomVerdict, changed: readonly string[]): Child[] {
  const { locale } = context;
  const { roomUid } = verdict;
  return [
    holdNotice(context, verdict),
    ...verdict.markChanged.map((userUid) =>
      notice(
        'warn',
        `${locale.t('trust.send.title', { name: nameOf(context, userUid) })}. ${locale.t('trust.markChanged')} `,
        link(locale.t('trust.look'), () => openVerifiedSend(context, roomUid, userUid, null)),
      ),
    ),
    ...changed.map((userUid) =>
      notice(
        'warn',
        `${locale.t('trust.changedLine', { name: nameOf(context, userUid) })} `,
        link(locale.t('trust.changedAction'), () => openPersonSecurity(context, userUid, roomUid)),
      ),
    ),
    ...verdict.nameWarnings.map((warning) => nameNotice(context, roomUid, warning)),
  ];
}

/** A room that stands still for a reason of trust. What is over in a moment by itself needs no words above the messages. */
function holdNotice(context: PageContext, { status, reason, roomUid }: RoomVerdict): HTMLElement | null {
  const { locale } = context;
  if (reason === 'OWN_VERSION_OLD') {
    return notice(
      'warn',
      `${locale.failure({ code: reason })} `,
      link(locale.t('trust.ownAction'), () => openOwnDigits(context)),
    );
  }
  if (status !== 'quarantined') return null;
  return notice(
    'bad',
    h('b', {}, locale.t('details.quarantine')),
    ` ${locale.failure({ code: reason ?? 'QUARANTINED' })} `,
    link(locale.t('trust.look'), () => openRoomSecurity(context, roomUid)),
  );
}

function nameNotice(context: PageContext, roomUid: string, warning: NameWarning): HTMLElement {
  const { app, locale } = context;
  if (warning.kind === 'retitled') {
    const { title, pinnedTitle } = warning;
    const agree = (): void => drop(app.actions.rooms.acknowledgeTitle(roomUid, title));
    return nameLine(context, locale.t('chat.retitledWarning', { before: pinnedTitle, title }), agree);
  }
  const person = app.stores.people.get().byUid.get(warning.userUid);
  const words =
    warning.kind === 'renamed'
      ? locale.t('chat.renamedWarning', { before: warning.pinnedName, name: warning.displayName })
      : locale.t('chat.sameNameWarning', {
          name: warning.displayName,
          username: person === undefined ? '' : `@${person.username}`,
        });
  return nameLine(context, words, () =>
    drop(app.actions.rooms.acknowledgeName(warning.userUid, warning.displayName)),
  );
}

const nameLine = ({ locale }: PageContext, words: string, onUnderstood: () => void): HTMLElement =>
  notice('warn', `${words} `, link(locale.t('chat.understood'), onUnderstood));

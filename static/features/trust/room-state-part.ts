/** Whether a room can be sent to; if not, why, what to do, and the way to do it. */
import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { notice } from '../../ui/notice.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { RoomQuarantine, RoomReason, RoomTrust } from '../../crypto/index.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import type { RoomEntry } from '../rooms/room-state.ts';
import { createDigitsForm } from './digits-view.ts';
import { openOwnDigits } from './own-digits-view.ts';
import { openPersonSecurity } from './person-security-view.ts';
import { adviceFor, deedOf } from './room-reasons.ts';
import { nameOf } from './trust-words.ts';

export type RoomStatePart = {
  readonly element: HTMLElement;
  show: (entry: RoomEntry, trust: RoomTrust | null) => void;
  dispose: () => void;
};

export function createRoomStatePart(
  context: PageContext,
  roomUid: string,
  onConfirmed: () => void,
): RoomStatePart {
  const { locale } = context;
  const disposables = createDisposables();
  const element = h('div', { class: 'security__state' });
  let shown = '';
  const show: RoomStatePart['show'] = ({ keys: { verdict } }, trust) => {
    const quarantine = trust?.quarantine ?? null;
    // A form somebody types into must not be drawn anew under their hands.
    const key = JSON.stringify([
      verdict?.status,
      verdict?.reason,
      verdict?.subject,
      verdict?.epoch,
      quarantine,
    ]);
    if (key === shown) return;
    shown = key;
    disposables.dispose();
    if (verdict === null) {
      replaceContent(element, notice('plain', locale.t('trust.roomChecking')));
      return;
    }
    const { reason } = verdict;
    if (verdict.status === 'sendable' || reason === null) {
      replaceContent(element, notice('good', locale.t('trust.roomSendable')));
      return;
    }
    replaceContent(
      element,
      notice(
        verdict.status === 'quarantined' ? 'bad' : 'warn',
        verdict.status === 'quarantined' &&
          h('b', { class: 'security__hold' }, locale.t('details.quarantine')),
        h('span', { class: 'security__why' }, whyText(context, reason, verdict.subject)),
        h('span', { class: 'security__todo' }, locale.t(adviceFor(reason).todo)),
        ...recordFacts(context, quarantine),
      ),
      ...deedParts(reason, quarantine, verdict.subject),
    );
  };

  const deedParts = (
    reason: RoomReason,
    quarantine: RoomQuarantine | null,
    subject: string | null,
  ): Child[] => {
    switch (deedOf(reason, quarantine)) {
      case 'own-digits':
        return [
          row(
            button({
              label: locale.t('trust.ownAction'),
              kind: 'primary',
              onClick: () => openOwnDigits(context),
            }),
          ),
        ];
      case 'person-digits': {
        if (subject === null) return [retry()];
        const open = (): void => openPersonSecurity(context, subject, roomUid);
        return [row(button({ label: locale.t('trust.changedAction'), kind: 'primary', onClick: open }))];
      }
      case 'record-digits':
        return [recordForm()];
      case 'retry':
        return [retry()];
      default:
        return [];
    }
  };
  const row = (child: HTMLElement): HTMLElement => h('div', { class: 'button-row security__deeds' }, child);
  const retry = (): HTMLElement =>
    row(
      button({
        label: locale.t('common.retry'),
        size: 'small',
        icon: 'rotate-cw',
        onClick: () => drop(context.app.actions.rooms.recheckKeys(roomUid)),
      }),
    );

  const recordForm = (): HTMLElement => {
    const form = createDigitsForm({
      context,
      confirm: (digits) => context.app.actions.trust.confirmRecord(roomUid, digits),
      onConfirmed: () => {
        context.toasts.show({ text: locale.t('trust.recordConfirmed') });
        onConfirmed();
      },
    });
    disposables.add(form.dispose);
    return h(
      'section',
      { class: 'security__part', 'aria-label': locale.t('trust.recordTyped') },
      h('h3', { class: 'security__title' }, locale.t('trust.recordTyped')),
      h('p', { class: 'security__text' }, locale.t('trust.recordTypedText')),
      form.element,
    );
  };
  return { element, show, dispose: disposables.dispose };
}

/** The reason's sentence, and whom it is about where it is somebody else. */
function whyText(context: PageContext, reason: RoomReason, subject: string | null): string {
  const { app, locale } = context;
  const why = locale.failure({ code: reason });
  const isOther = subject !== null && subject !== meUidOf(app.stores.account.get());
  return isOther ? `${why} ${locale.t('trust.about', { name: nameOf(context, subject) })}` : why;
}

/** What the record in question says of people, which whoever decides must know. */
function recordFacts(context: PageContext, quarantine: RoomQuarantine | null): Child[] {
  if (quarantine === null) return [];
  const { locale } = context;
  const names = (uids: readonly string[]): string => locale.list(uids.map((uid) => nameOf(context, uid)));
  const { cameBack, missing } = quarantine;
  return [
    cameBack.length > 0 &&
      h('span', { class: 'security__todo' }, locale.t('trust.cameBack', { people: names(cameBack) })),
    missing.length > 0 &&
      h('span', { class: 'security__todo' }, locale.t('trust.missing', { people: names(missing) })),
  ];
}

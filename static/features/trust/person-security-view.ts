/** Everything about one person's key: where it comes from, the safety number, and confirming a new one by its digits. */
import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { notice } from '../../ui/notice.ts';
import { personHandle } from '../../ui/person-label.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PersonTrust } from '../../crypto/index.ts';
import type { PageContext } from '../../page-context.ts';
import { createDigitsForm } from './digits-view.ts';
import { safetyNumberCard } from './safety-number-view.ts';
import { nameOf, stateSentence, toneOf } from './trust-words.ts';

/** `roomUid`: where it is asked from; a colleague's word counts in its own room. */
export function openPersonSecurity(context: PageContext, userUid: string, roomUid: string | null): void {
  const { app, locale } = context;
  const disposables = createDisposables();
  const parts = createDisposables();
  const body = h('div', { class: 'person-trust' }, h('p', { role: 'status' }, locale.t('trust.loading')));
  let painting = 0;

  const paint = async (): Promise<void> => {
    painting += 1;
    const mine = painting;
    const found = await app.actions.trust.personTrust(userUid, roomUid);
    if (mine !== painting) return;
    if (!found.ok) {
      const again = (): void => drop(paint());
      const retry = button({ label: locale.t('common.retry'), kind: 'link', onClick: again });
      replaceContent(body, notice('warn', `${locale.failure(found)} `, retry));
      return;
    }
    const number = await safetyPart(found.value);
    if (mine !== painting) return;
    const hadFocus = body.contains(document.activeElement);
    parts.dispose();
    replaceContent(
      body,
      head(context, userUid),
      ...statePart(found.value),
      ...confirmPart(found.value),
      number,
    );
    if (hadFocus) dialog.element.querySelector<HTMLElement>('[role="dialog"]')?.focus();
  };
  const repaint = (): void => drop(paint());

  const statePart = (trust: PersonTrust): Child[] => {
    const tone = toneOf(trust);
    const words = stateSentence(context, trust);
    const verifiedAt = trust.mark === 'verified' ? trust.verifiedAt : null;
    return [
      notice(
        tone,
        verifiedAt !== null && h('b', { class: 'person-trust__mark' }, locale.t('trust.verified')),
        verifiedAt !== null &&
          h(
            'span',
            { class: 'person-trust__line' },
            locale.t('trust.verifiedAt', { date: locale.full(verifiedAt) }),
          ),
        h('span', { class: 'person-trust__line' }, words),
        trust.mark === 'changed' && h('span', { class: 'person-trust__line' }, locale.t('trust.markChanged')),
      ),
    ];
  };

  const confirmPart = (trust: PersonTrust): Child[] => {
    if (trust.state !== 'unconfirmed' && trust.state !== 'conflict') return [];
    const form = createDigitsForm({
      context,
      confirm: (digits) => app.actions.trust.confirmIdentity(userUid, trust.version, digits),
      onConfirmed: () => {
        const text = locale.t('trust.personConfirmed', { name: nameOf(context, userUid) });
        context.toasts.show({ text });
        repaint();
      },
    });
    parts.add(form.dispose);
    return [
      h(
        'section',
        { class: 'person-trust__confirm', 'aria-label': locale.t('trust.personDigits') },
        h('h3', { class: 'panel__title' }, locale.t('trust.personDigits')),
        h(
          'p',
          { class: 'dialog__text' },
          locale.t('trust.personDigitsText', { name: nameOf(context, userUid) }),
        ),
        form.element,
      ),
    ];
  };

  const safetyPart = async (trust: PersonTrust): Promise<HTMLElement | null> => {
    // Of a key that waits to be confirmed there is nothing to compare yet: the number would be the earlier one's.
    if (trust.state === 'me' || trust.state === 'unconfirmed' || trust.state === 'conflict') return null;
    if (trust.confirmed === null) return h('p', { class: 'panel__fact' }, locale.t('trust.numberNone'));
    const number = await app.actions.trust.safetyNumber(userUid);
    if (!number.ok) return notice('warn', locale.failure(number));
    return safetyNumberCard({
      context,
      userUid,
      number: number.value,
      isVerified: trust.mark === 'verified',
      onMarked: repaint,
      addUndo: (undo) => parts.add(undo),
    });
  };

  const dialog = openDialog({
    title: locale.t('trust.person', { name: nameOf(context, userUid) }),
    closeLabel: locale.t('common.close'),
    body: [body],
    onClose: () => {
      painting += 1;
      parts.dispose();
      disposables.dispose();
    },
  });
  // A version that appears while it is open.
  const versionOf = (): number => app.stores.people.get().byUid.get(userUid)?.identityVersion ?? 0;
  disposables.add(app.stores.people.subscribe(versionOf, repaint));
  repaint();
}

function head(context: PageContext, userUid: string): HTMLElement {
  const person = context.app.stores.people.get().byUid.get(userUid);
  const name = nameOf(context, userUid);
  return h(
    'div',
    { class: 'profile__me' },
    avatar({ id: userUid, name }),
    h(
      'div',
      {},
      h('p', { class: 'profile__name' }, name),
      person !== undefined && h('p', { class: 'profile__handle' }, personHandle(person)),
    ),
  );
}

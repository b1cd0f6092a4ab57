import { limits } from '#contract/limits.ts';
import type { AdminOutput } from '#contract/admin.ts';
import { button } from '../../ui/button.ts';
import { createChoice } from '../../ui/choice.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import { copyText } from '../../ui/copy-text.ts';
import { openDialog } from '../../ui/dialog.ts';
import { createField } from '../../ui/field.ts';
import { h } from '../../ui/h.ts';
import { notice } from '../../ui/notice.ts';
import { qrCode } from '../../ui/qr-code.ts';
import { drop } from '../../state/drop.ts';
import { invitationLink } from '../../state/invitation-link.ts';
import type { AdminContext } from './admin-context.ts';
import { resultOf } from './admin-context.ts';
import { createCodeCard } from './one-time-code.ts';
import { serverAddress } from './reset-dialog.ts';

type Made = AdminOutput<'admin:make-invitation'>;

const usesOffered = [1, 5, 20, 100] as const;
const daysOffered = [1, 7, 30, 90] as const;

/** How often and how long; then the link and the code, this once. */
export function openInvitationForm(context: AdminContext, onDone: () => void): void {
  const { bridge, locale } = context;
  let uses = 1;
  let days = 7;
  let made: Made | null = null;
  const note = createField({
    label: locale.say('invitations.note'),
    name: 'note',
    aside: locale.t('common.optional'),
    hint: locale.say('invitations.noteHint'),
    maxLength: limits.invitationNoteMax,
  });
  const choice = (
    label: string,
    offered: readonly number[],
    value: number,
    text: (count: number) => string,
    onChange: (count: number) => void,
  ): HTMLElement =>
    h(
      'div',
      { class: 'field' },
      h('div', { class: 'field__label' }, label),
      createChoice<string>({
        label,
        value: String(value),
        options: offered.map((count) => ({ value: String(count), label: text(count) })),
        onChange: (next) => onChange(Number(next)),
      }),
    );
  openConfirm({
    locale,
    title: locale.say('invitations.makeTitle'),
    text: [],
    confirmLabel: locale.say('invitations.confirm'),
    extra: [
      note.element,
      choice(
        locale.say('invitations.uses'),
        usesOffered,
        uses,
        (count) =>
          count === 1 ? locale.say('invitations.usesOne') : locale.say('invitations.usesCount', { count }),
        (next) => (uses = next),
      ),
      choice(
        locale.say('invitations.ends'),
        daysOffered,
        days,
        (count) => locale.say('invitations.endsDays', { count }),
        (next) => (days = next),
      ),
    ],
    onConfirm: async () => {
      const result = resultOf(
        await bridge.call('admin:make-invitation', { note: note.input.value.trim(), uses, days }),
      );
      if (result.ok) made = result.value;
      return result;
    },
    onDone: () => {
      onDone();
      if (made !== null) drop(openMade(context, made));
    },
  });
}

async function openMade(context: AdminContext, { code, invitation }: Made): Promise<void> {
  const { locale, toasts } = context;
  const address = await serverAddress(context);
  const link = address === null ? null : invitationLink(address, code);
  const copy = async (): Promise<void> => {
    const isCopied = link !== null && (await copyText(link));
    toasts.show({
      text: locale.t(isCopied ? 'common.copied' : 'common.copyFailed'),
      isProblem: !isCopied,
      subject: 'copy',
    });
  };
  const copyLink = button({
    label: locale.say('invitations.copyLink'),
    icon: 'copy',
    kind: 'primary',
    onClick: () => drop(copy()),
  });
  const done = button({ label: locale.say('reset.done'), onClick: () => dialog.close() });
  const { note, usesMax, endsAt } = invitation;
  const dialog = openDialog({
    title: locale.say('invitations.madeTitle'),
    closeLabel: locale.t('common.close'),
    // a press beside it must not throw the code away
    canDismiss: false,
    body: [
      notice('warn', locale.say('invitations.madeText')),
      link !== null &&
        h(
          'div',
          { class: 'invitations__link' },
          h('div', { class: 'invitations__qr' }, qrCode(link, locale.say('overview.qr', { url: link }))),
          h(
            'div',
            { class: 'invitations__words' },
            h('p', { class: 'field__label' }, locale.say('invitations.link')),
            h('p', { class: 'invitations__url' }, link),
          ),
        ),
      createCodeCard(context, {
        title: locale.say('invitations.code'),
        code,
        purpose: locale.say('invitations.purpose'),
        facts: [
          ...(note === '' ? [] : [[locale.say('code.forWhom'), note] as const]),
          ...(address === null ? [] : [[locale.say('code.server'), address] as const]),
          [
            locale.say('invitations.uses'),
            usesMax === 1
              ? locale.say('invitations.usesOne')
              : locale.say('invitations.usesCount', { count: usesMax }),
          ],
          [locale.say('code.endsAt'), locale.full(endsAt)],
        ],
      }),
    ],
    foot: [done, ...(link === null ? [] : [copyLink])],
    focus: link === null ? done : copyLink,
  });
}

/** A one-time code for somebody without password and sheet: what it will cost is told before it is made. */
import type { AdminPerson } from '#contract/admin-people.ts';
import type { AdminOutput } from '#contract/admin.ts';
import { button } from '../../ui/button.ts';
import { checkBox } from '../../ui/check-box.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import { openDialog } from '../../ui/dialog.ts';
import { drop } from '../../state/drop.ts';
import { h, replaceContent } from '../../ui/h.ts';
import { isLoopback } from '../../ui/loopback.ts';
import { notice } from '../../ui/notice.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import type { AdminContext } from './admin-context.ts';
import { askOrTell } from './admin-context.ts';
import { createCodeCard } from './one-time-code.ts';
import { createPasswordProof } from './password-proof.ts';

type Outlook = AdminOutput<'admin:reset-outlook'>;
type Made = AdminOutput<'admin:make-reset-code'>;

/** First the outlook; without it nothing is offered. */
export function openResetCode(context: AdminContext, person: AdminPerson): void {
  const { bridge, locale } = context;
  const { userUid, displayName: name } = person;
  const body = h('div', {}, skeletonRows(3, locale.say('reset.asking')));
  const waiting = openDialog({
    title: locale.say('reset.title', { name }),
    closeLabel: locale.t('common.close'),
    size: 'small',
    body: [h('p', { class: 'dialog__text' }, locale.say('reset.asking')), body],
    onClose: () => (isOpen = false),
  });
  let isOpen = true;
  const ask = async (): Promise<void> => {
    const outlook = await bridge.call('admin:reset-outlook', { userUid });
    if (!isOpen) return;
    if (!outlook.ok) {
      replaceContent(body, notice('bad', locale.failure(outlook)));
      return;
    }
    waiting.close();
    openQuestion(context, person, outlook.value);
  };
  drop(ask());
}

function openQuestion(context: AdminContext, person: AdminPerson, outlook: Outlook): void {
  const { bridge, locale } = context;
  const { userUid, displayName: name } = person;
  const proof = createPasswordProof(context);
  let isDeviceLost = false;
  let made: Made | null = null;
  const deviceLost = checkBox(
    locale.say('reset.deviceLost'),
    locale.say('reset.deviceLostHint'),
    false,
    (isOn) => (isDeviceLost = isOn),
  );
  openConfirm({
    locale,
    title: locale.say('reset.title', { name }),
    text: [locale.say('reset.lead')],
    confirmLabel: locale.say('reset.confirm'),
    // the first thing that is read, and the harmless button is the one under the Enter key
    isDanger: true,
    extra: [
      outlookCard(context, outlook),
      h('p', { class: 'dialog__text' }, locale.say('reset.consequence')),
      deviceLost,
      ...proof.elements,
    ],
    onConfirm: async () => {
      const result = await proof.ask((key) =>
        bridge.call('admin:make-reset-code', { userUid, isDeviceLost, ...key }),
      );
      if (result.ok) made = result.value;
      return result;
    },
    onDone: () => {
      if (made !== null) drop(openCode(context, person, made));
    },
  });
}

function outlookCard({ locale }: AdminContext, { roomsToHeal, roomsLost }: Outlook): HTMLElement {
  const row = (name: string, text: string, count: number, tone: 'good' | 'bad' | 'plain'): HTMLElement =>
    h(
      'div',
      { class: 'outlook__row' },
      h('dt', { class: 'outlook__name' }, name, h('span', { class: 'outlook__text' }, text)),
      h('dd', { class: `outlook__count outlook__count--${tone}` }, locale.number(count)),
    );
  const rows =
    roomsToHeal + roomsLost === 0
      ? h('p', { class: 'outlook__text' }, locale.say('reset.outlookNone'))
      : h(
          'dl',
          {},
          row(
            locale.say('reset.healable'),
            locale.say('reset.healableText'),
            roomsToHeal,
            roomsToHeal > 0 ? 'good' : 'plain',
          ),
          row(
            locale.say('reset.lost'),
            locale.say('reset.lostText'),
            roomsLost,
            roomsLost > 0 ? 'bad' : 'plain',
          ),
        );
  return h(
    'section',
    { class: 'outlook', 'aria-label': locale.say('reset.outlook') },
    h('h3', { class: 'people__subtitle' }, locale.say('reset.outlook')),
    rows,
  );
}

/** The code is shown this once. The person reads the server's address on the paper as well. */
async function openCode(context: AdminContext, person: AdminPerson, made: Made): Promise<void> {
  const { locale } = context;
  const { displayName: name, username } = person;
  const title = locale.say('reset.title', { name });
  const address = await serverAddress(context);
  const done = button({ label: locale.say('reset.done'), kind: 'primary', onClick: () => dialog.close() });
  const purpose = locale.say('reset.purpose');
  const dialog = openDialog({
    title,
    closeLabel: locale.t('common.close'),
    // a press beside it must not throw the code away
    canDismiss: false,
    body: [
      notice('warn', h('b', {}, locale.say('reset.onceTitle')), ' ', locale.say('reset.once')),
      createCodeCard(context, {
        title,
        code: made.code,
        purpose,
        facts: [
          [locale.say('code.forWhom'), `${name} (@${username})`],
          ...(address === null ? [] : [[locale.say('code.server'), address] as const]),
          [locale.say('code.endsAt'), locale.full(made.expiresAt)],
        ],
      }),
      h('p', { class: 'dialog__text code-card__purpose' }, purpose),
    ],
    foot: [done],
    focus: done,
  });
}

/**
 * Where people open the messenger: this page's own address; in the host's window, and in a browser on the server's own machine,
 * what the server says of itself.
 */
export async function serverAddress(context: AdminContext): Promise<string | null> {
  if (context.proveIdentity !== null && !isLoopback(location.hostname)) return location.origin;
  const overview = await askOrTell(context, context.bridge.call('admin:overview', {}));
  return overview?.bestUrl ?? null;
}

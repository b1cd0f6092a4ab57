/** What is done about a person: the menu of a row, and the question before each act. */
import type { AdminPerson, PersonAct } from '#contract/admin-people.ts';

import type { IconName } from '../../ui/icon.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import { openMenu } from '../../ui/menu.ts';
import type { MenuItem } from '../../ui/menu.ts';

import type { PlainAdminKey } from '../../locales/admin-locale.ts';
import type { AdminContext } from './admin-context.ts';
import { resultOf } from './admin-context.ts';
import { auditText } from './audit-filter.ts';
import { openApproval } from './approval-dialog.ts';
import { createPasswordProof } from './password-proof.ts';
import { openResetCode } from './reset-dialog.ts';

export type PersonActs = {
  act: (person: AdminPerson, act: PersonAct) => void;
  openMenu: (person: AdminPerson, anchor: HTMLElement) => void;
};

/** What stands in the menu, in its order; the rest are buttons of the row itself. */
const menuActs = ['make-reset-code', 'make-admin', 'make-member', 'make-owner', 'disable'] as const;
const menuWords: Record<
  (typeof menuActs)[number],
  { label: PlainAdminKey; icon: IconName; isDanger?: true }
> = {
  'make-reset-code': { label: 'reset.make', icon: 'key-round' },
  'make-admin': { label: 'people.makeAdmin', icon: 'shield-check' },
  'make-member': { label: 'people.makeMember', icon: 'user' },
  'make-owner': { label: 'people.makeOwner', icon: 'crown' },
  disable: { label: 'people.disable', icon: 'user-minus', isDanger: true },
};

export function createPersonActs(context: AdminContext, onDone: () => void): PersonActs {
  const { locale } = context;
  const act = (person: AdminPerson, wanted: PersonAct): void => {
    switch (wanted) {
      case 'approve':
        return openApproval(context, person, onDone);
      case 'decline':
        return openDecline(context, person, onDone);
      case 'disable':
        return openDisable(context, person, onDone);
      case 'enable':
        return openEnable(context, person, onDone);
      case 'make-owner':
      case 'make-admin':
      case 'make-member':
        return openRole(context, person, wanted, onDone);
      case 'make-reset-code':
        return openResetCode(context, person);
      default:
        return assertNever(wanted);
    }
  };
  return {
    act,
    openMenu: (person, anchor) => {
      const items = menuActs.flatMap((wanted): MenuItem[] => {
        if (!person.may.includes(wanted)) return [];
        const { label, ...looks } = menuWords[wanted];
        return [{ label: locale.say(label), ...looks, onClick: () => act(person, wanted) }];
      });
      const audit = (): void =>
        location.assign(`#/audit/${person.userUid}/${encodeURIComponent(auditText(person))}`);
      const row: MenuItem = { label: locale.say('people.seeAudit'), icon: 'scroll-text', onClick: audit };
      // what takes something away stands last
      const danger = items.findIndex(({ isDanger }) => isDanger === true);
      items.splice(danger < 0 ? items.length : danger, 0, row);
      openMenu(anchor, locale.say('people.menuOf', { name: person.displayName }), items);
    },
  };
}

function openDecline(
  { bridge, locale, toasts }: AdminContext,
  person: AdminPerson,
  onDone: () => void,
): void {
  const { userUid, displayName: name } = person;
  openConfirm({
    locale,
    title: locale.say('people.declineTitle', { name }),
    text: [locale.say('people.declineText')],
    confirmLabel: locale.say('people.decline'),
    isDanger: true,
    onConfirm: async () => resultOf(await bridge.call('admin:decline', { userUid })),
    onDone: () => {
      toasts.show({ text: locale.say('people.declined', { name }), subject: 'people' });
      onDone();
    },
  });
}

/** Everything that will be different is said before, and the password asked for. */
function openDisable(context: AdminContext, person: AdminPerson, onDone: () => void): void {
  const { bridge, locale, toasts } = context;
  const { userUid, displayName: name } = person;
  const proof = createPasswordProof(context);
  openConfirm({
    locale,
    title: locale.say('people.disableTitle', { name }),
    text: [
      locale.say('people.disableSessions'),
      locale.say('people.disableRooms'),
      locale.say('people.disableDirect'),
      locale.say('people.disableKept'),
    ],
    confirmLabel: locale.say('people.disable'),
    isDanger: true,
    extra: proof.elements,
    onConfirm: () => proof.ask((key) => bridge.call('admin:disable', { userUid, ...key })),
    onDone: () => {
      toasts.show({ text: locale.say('people.disableDone', { name }), subject: 'people' });
      onDone();
    },
  });
}

function openEnable({ bridge, locale, toasts }: AdminContext, person: AdminPerson, onDone: () => void): void {
  const { userUid, displayName: name, formerRooms: count } = person;
  openConfirm({
    locale,
    title: locale.say('people.enableTitle', { name }),
    text: [
      locale.say('people.enableText'),
      ...(count === 0 ? [] : [locale.say('people.enableRooms', { count })]),
    ],
    confirmLabel: locale.say('people.enable'),
    onConfirm: async () => resultOf(await bridge.call('admin:enable', { userUid })),
    onDone: () => {
      toasts.show({ text: locale.say('people.enableDone', { name }), subject: 'people' });
      onDone();
    },
  });
}

const roleWords = {
  'make-owner': { role: 'owner', title: 'people.makeOwnerTitle', confirm: 'people.makeOwner' },
  'make-admin': { role: 'admin', title: 'people.makeAdminTitle', confirm: 'people.makeAdmin' },
  'make-member': { role: 'member', title: 'people.makeMemberTitle', confirm: 'people.makeMember' },
} as const;

function openRole(
  context: AdminContext,
  person: AdminPerson,
  act: keyof typeof roleWords,
  onDone: () => void,
): void {
  const { bridge, locale, toasts } = context;
  const { userUid, displayName: name } = person;
  const { role, title, confirm } = roleWords[act];
  const proof = createPasswordProof(context);
  const texts = {
    'make-owner': locale.say('people.makeOwnerText'),
    'make-admin': locale.say('people.makeAdminText'),
    'make-member': locale.say('people.makeMemberText'),
  };
  openConfirm({
    locale,
    title: locale.say(title, { name }),
    text: [texts[act]],
    confirmLabel: locale.say(confirm),
    isDanger: act === 'make-owner',
    extra: proof.elements,
    onConfirm: () => proof.ask((key) => bridge.call('admin:set-role', { userUid, role, ...key })),
    onDone: () => {
      toasts.show({ text: locale.say('people.roleDone', { name }), subject: 'people' });
      onDone();
    },
  });
}

function assertNever(value: never): never {
  throw new TypeError(`unknown act: ${String(value)}`);
}

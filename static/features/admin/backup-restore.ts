import type { BackupFile } from '#contract/admin.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import { createField } from '../../ui/field.ts';
import type { AdminContext } from './admin-context.ts';
import { resultOf } from './admin-context.ts';

/** Everything that will be different is said before; a person proves who they are, the host needs not. */
export function openRestore(context: AdminContext, backup: BackupFile): void {
  const { bridge, locale, toasts, proveIdentity } = context;
  const password = createField({
    label: locale.say('backups.password'),
    type: 'password',
    name: 'password',
    autocomplete: 'current-password',
    reveal: { show: locale.t('password.show'), hide: locale.t('password.hide') },
  });
  const restore = async () => {
    if (proveIdentity === null) return resultOf(await bridge.call('admin:restore', { name: backup.name }));
    const authKey = await proveIdentity(password.input.value);
    if (!authKey.ok) return authKey;
    return resultOf(await bridge.call('admin:restore', { name: backup.name, authKey: authKey.value }));
  };
  openConfirm({
    locale,
    title: locale.say('backups.restoreTitle'),
    text: [
      locale.say('backups.restoreWhen', { date: locale.full(backup.at) }),
      locale.say('backups.restoreMessages'),
      locale.say('backups.restoreSignIn'),
      locale.say('backups.restoreAside'),
      locale.say('backups.restoreFirst'),
    ],
    confirmLabel: locale.say('backups.restoreConfirm'),
    isDanger: true,
    ...(proveIdentity === null ? {} : { extra: [password.element] }),
    onConfirm: restore,
    onDone: () => toasts.show({ text: locale.say('admin.restarting'), subject: 'restart' }),
  });
}

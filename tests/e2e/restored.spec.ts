/** The server went back to a backup from before somebody's reset: what the person sees, and how the newer keys come back. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expectAccessible } from './accessibility.ts';
import type { MaruServer } from './maru-server.ts';
import { alice, bob, expect, passwordOf, test, typeSheetBack } from './office.ts';
import type { Person } from './office.ts';

const later = 'wide wooden table 1';
const button = ({ page, t }: Person, key: Parameters<Person['t']>[0]) =>
  page.getByRole('button', { name: t(key), exact: true });
const rooms = ({ page, t }: Person) => page.getByRole('navigation', { name: t('shell.rooms') });

/** What a sentence says after the moment of the restore. */
const afterDate = ({ t }: Person, key: 'newerKeys.wrong'): string =>
  t(key, { date: '#' }).split('#')[1] ?? '';

/** A command at the machine's terminal; what it printed. */
async function atTerminal({ dataDir }: MaruServer, ...command: string[]): Promise<string> {
  const cli = path.resolve(import.meta.dirname, '../../dist/server/cli.js');
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [cli, '--cli', ...command, '--data-dir', dataDir]);
  return stdout;
}

async function typeSignIn({ page, t, username }: Person, password: string): Promise<void> {
  await page.getByLabel(t('signIn.username'), { exact: true }).fill(username);
  await page.getByLabel(t('signIn.password'), { exact: true }).fill(password);
  await page.getByRole('button', { name: t('signIn.submit'), exact: true }).click();
}

test('after a restore to before a reset the form says which password counts, and the newer keys come back by theirs', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const lost = await open(bob);
  await lost.signUp();
  await anna.startWith([bob]);
  await anna.say('금고 번호는 4711');
  await lost.openRoom(alice.displayName);
  await lost.sees('금고 번호는 4711');
  await lost.page.context().close();
  const copy = path.join(maru.dataDir, 'yesterday.copy');
  await atTerminal(maru, 'backup', copy);

  const ben = await open(bob);
  const { page, t } = ben;
  await test.step('a reset that the backup does not know', async () => {
    const made: unknown = JSON.parse(
      await atTerminal(maru, 'admin', 'reset-code', bob.username, '--yes', '--json'),
    );
    const code = String(Object(Object(made).value).code);
    await button(ben, 'signIn.forgot').click();
    const dialog = page.getByRole('dialog', { name: t('reentry.title') });
    await dialog.getByRole('button', { name: t('reentry.byCode') }).click();
    await dialog.getByLabel(t('signIn.username'), { exact: true }).fill(bob.username);
    await dialog.getByLabel(t('reentry.code'), { exact: true }).fill(code);
    await button(ben, 'reentry.next').click();
    await page.getByLabel(t('password.next'), { exact: true }).fill(later);
    await page.getByLabel(t('password.nextRepeat'), { exact: true }).fill(later);
    await button(ben, 'reentry.next').click();
    await expect(dialog.getByRole('heading', { name: t('sheet.title') })).toBeVisible();
    await typeSheetBack(ben, 'reentry.finish');
    // the conversation comes with the answer that names the generation of this server
    await ben.openRoom(alice.displayName);
    await expect(page.locator('.chat__notices')).toContainText(t('failure.OWN_VERSION_OLD'));
  });

  await maru.kill();
  await atTerminal(maru, 'restore', copy);
  await maru.start();

  await expect(button(ben, 'signIn.submit')).toBeVisible();
  await typeSignIn(ben, later);
  await expect(page.getByRole('alert')).toContainText(afterDate(ben, 'newerKeys.wrong'));
  await expectAccessible(page, 'the sign-in form after a restore');
  await typeSignIn(ben, passwordOf(bob));
  const dialog = page.getByRole('dialog', { name: t('newerKeys.title') });
  await expect(dialog).toContainText(t('newerKeys.text'));
  await expectAccessible(page, 'newer keys than the server');
  const box = dialog.getByLabel(t('newerKeys.password'), { exact: true });
  await box.fill('not the wooden table');
  await button(ben, 'newerKeys.submit').click();
  await expect(dialog.getByRole('alert')).toContainText(t('failure.WRONG_KEY'));
  await box.fill(later);
  await page.keyboard.press('Enter');
  await expect(rooms(ben)).toBeVisible();
  await expect(dialog).toBeHidden();
  // and from then on that password opens them anywhere
  const elsewhere = await open(bob);
  await typeSignIn(elsewhere, later);
  await expect(rooms(elsewhere)).toBeVisible();
});

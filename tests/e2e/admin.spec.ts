/** The administrator's page at `/admin`, as an owner uses it in a browser of the LAN. */
import type { Page } from '@playwright/test';
import { adminEn } from '../../static/locales/admin-en.ts';
import { adminKo } from '../../static/locales/admin-ko.ts';
import { expectAccessible } from './accessibility.ts';
import { recordToasts } from './toasts.ts';
import { alice, bob, expect, passwordOf, test } from './office.ts';
import type { Language, Person } from './office.ts';

type Key = keyof typeof adminKo;

const pages = ['overview', 'statistics', 'online', 'log', 'settings', 'backups', 'about'] as const;

/** The words of these pages without a parameter, or with the ones given. */
const wordsOf =
  (language: Language) =>
  (key: Key, values: Record<string, string> = {}): string => {
    const entry = { ko: adminKo, en: adminEn }[language][key];
    const text = typeof entry === 'string' ? entry : entry.other;
    return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  };
const say = wordsOf('ko');

async function openAdmin({ page }: Person, name: (typeof pages)[number] = 'overview'): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/admin#/${name}`);
  await expect(page.getByRole('main')).toBeVisible();
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test('the owner sees addresses, live pictures, who is online, and a table instead of pictures', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await openAdmin(anna);
  const { page } = anna;
  await expect(page.getByRole('heading', { name: say('admin.overview'), level: 1 })).toBeVisible();
  await expect(page.getByText(`http://localhost:${maru.port}`)).toBeVisible();

  await page.getByRole('link', { name: say('admin.statistics') }).click();
  const connections = page.locator('figure', { hasText: say('metric.connections') });
  await expect(connections.locator('canvas')).toBeVisible();
  // both messengers are closed or open as they are: this page alone is one connection, ben's another
  await expect(connections.locator('.metric__value')).toHaveText('2');
  await ben.page.goto('about:blank');
  await expect(connections.locator('.metric__value')).toHaveText('1');
  await page.getByRole('radio', { name: say('statistics.table') }).click();
  const row = page.getByRole('row', { name: new RegExp(`^${say('metric.connections')}`) });
  await expect(row.getByRole('cell').first()).toHaveText('1');

  await page.getByRole('link', { name: say('admin.online') }).click();
  await expect(page.getByRole('row', { name: /김앨리스/ })).toContainText(say('online.roleOwner'));
});

test('whoever is signed out signs in with the messenger and comes back', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const other = await open(alice);
  await other.page.goto(`${maru.lanUrl}/admin`);
  await other.page.getByLabel(other.t('signIn.username'), { exact: true }).fill(alice.username);
  await other.page.getByLabel(other.t('signIn.password'), { exact: true }).fill(passwordOf(alice));
  await button(other.page, other.t('signIn.submit')).click();
  await expect(other.page).toHaveURL(/\/admin$/);
  await expect(other.page.getByRole('heading', { name: say('admin.overview'), level: 1 })).toBeVisible();
});

test('a member is told in a friendly way that this is not for them', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await ben.page.goto(`${maru.lanUrl}/admin`);
  await expect(ben.page.getByRole('heading', { name: say('admin.refusedTitle') })).toBeVisible();
  await expectAccessible(ben.page, 'refusal');
  await ben.page.getByRole('link', { name: say('admin.toMessenger') }).click();
  await expect(ben.page.getByRole('navigation', { name: ben.t('shell.rooms') })).toBeVisible();
});

test('closing the sign-up counts at once', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  await openAdmin(anna);
  await anna.page.getByRole('radio', { name: say('overview.signUpClosed') }).click();
  await expect(anna.page.getByText(say('overview.signUpClosedText'))).toBeVisible();
  const info = await anna.page.request.get(`http://localhost:${maru.port}/api/server`);
  expect(Object(await info.json()).signUp).toBe('closed');
});

test('a setting is written, waits for a restart and counts after it; what arguments decide is read-only', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  await openAdmin(anna, 'settings');
  const { page } = anna;
  const port = page.getByLabel(say('setting.port'), { exact: true });
  await expect(port).toHaveValue(String(maru.port));
  await expect(port).not.toBeEditable();
  await expect(page.getByText(say('settings.byArgument', { name: '--port' }))).toBeVisible();
  await expect(page.getByText(say('settings.byEnvironment', { name: 'LOGIN_PER_MINUTE' }))).toBeVisible();

  const hours = page.getByLabel(say('setting.sessionTimeoutHours'), { exact: true });
  await hours.fill('9999');
  await button(page, anna.t('common.save')).click();
  await expect(hours).toHaveAttribute('aria-invalid', 'true');
  await hours.fill('24');
  await button(page, anna.t('common.save')).click();
  await expect(page.getByText(say('admin.restartNeeded'))).toBeVisible();
  const said = await recordToasts(page);
  await button(page, say('admin.restart')).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('admin.restart') })
    .click();
  await expect.poll(said).toContain(say('admin.restarted'));
  await expect(hours).toHaveValue('24');
  await expect(page.getByText(say('admin.restartNeeded'))).toBeHidden();
  await page.reload();
  await expect(hours).toHaveValue('24');
});

test('a backup made in the browser brings back what was there; everybody signs in anew', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  await anna.say('백업 전의 말');
  await ben.openRoom(alice.displayName);
  await ben.sees('백업 전의 말');
  await openAdmin(anna, 'backups');
  const { page } = anna;
  await expect(page.getByText(say('backups.none'))).toBeVisible();
  await button(page, say('backups.make')).click();
  const restore = page.getByRole('button', { name: /되살리기$/ });
  await expect(restore).toHaveCount(1);
  await button(page, anna.t('common.close')).click();
  await restore.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(say('backups.restoreSignIn'));
  await expectAccessible(page, 'restore');
  const password = dialog.getByLabel(say('backups.password'), { exact: true });
  await password.fill('틀린 비밀번호입니다');
  await button(page, say('backups.restoreConfirm')).click();
  await expect(dialog.getByRole('alert')).toContainText(anna.t('failure.WRONG_PASSWORD'));
  await password.fill(passwordOf(alice));
  await button(page, say('backups.restoreConfirm')).click();

  // signed out by the restore, back by the sign-in form
  await expect(page.getByLabel(anna.t('signIn.username'), { exact: true })).toBeVisible();
  await page.getByLabel(anna.t('signIn.username'), { exact: true }).fill(alice.username);
  await page.getByLabel(anna.t('signIn.password'), { exact: true }).fill(passwordOf(alice));
  await button(page, anna.t('signIn.submit')).click();
  await expect(page).toHaveURL(/\/admin/);
  await button(page, say('admin.toMessenger')).click();
  await anna.openRoom(bob.displayName);
  await anna.sees('백업 전의 말');
  await expect(ben.page.getByLabel(ben.t('signIn.username'), { exact: true })).toBeVisible();
});

for (const { language, colorScheme, viewport } of [
  { language: 'ko', colorScheme: 'light', viewport: { width: 1360, height: 820 } },
  { language: 'en', colorScheme: 'dark', viewport: { width: 390, height: 800 } },
] as const) {
  test(`axe finds nothing: ${language}, ${colorScheme}, ${viewport.width} px`, async ({ maru, open }) => {
    const anna = await open(alice, { language, context: { colorScheme, viewport } });
    await anna.signUp({ setUpCode: maru.setUpCode });
    const { page } = anna;
    const words = wordsOf(language);
    for (const name of pages) {
      await openAdmin(anna, name);
      await expect(page.getByRole('link', { name: words(`admin.${name}`), exact: true })).toHaveAttribute(
        'aria-current',
        'page',
      );
      await page.waitForLoadState('networkidle');
      await expect(page.getByText(words('admin.loading'))).toHaveCount(0);
      if (name === 'statistics') await expect(page.locator('.metric canvas').first()).toBeVisible();
      await expectAccessible(page, name);
      if (name !== 'statistics') continue;
      await page.getByRole('radio', { name: words('statistics.table') }).click();
      await expectAccessible(page, 'table');
    }
  });
}

/** Who may come in and who must leave: approval, disabling, invitations, reset codes and the log, at `/admin` and for whom it concerns. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { adminEn } from '../../static/locales/admin-en.ts';
import { adminKo } from '../../static/locales/admin-ko.ts';
import { expectAccessible } from './accessibility.ts';
import { alice, bob, carol, expect, passwordOf, test } from './office.ts';
import type { Language, Name, Person } from './office.ts';

type Key = keyof typeof adminKo;

const dora: Name = { username: 'dora', displayName: '최도라', department: '영업팀' };

const wordsOf =
  (language: Language) =>
  (key: Key, values: Record<string, string | number> = {}): string => {
    const entry = { ko: adminKo, en: adminEn }[language][key];
    const text = typeof entry === 'string' ? entry : values['count'] === 1 ? entry.one : entry.other;
    return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  };
const say = wordsOf('ko');

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog');
const press = (page: Page, name: string) => dialog(page).getByRole('button', { name, exact: true }).click();

async function openAdmin({ page }: Person, place: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/admin#/${place}`);
  await expect(page.getByRole('main')).toBeVisible();
}

/** Back in the messenger, in this room. */
async function openMessenger(person: Person, room: string): Promise<void> {
  await button(person.page, say('admin.toMessenger')).click();
  await person.openRoom(room);
}

async function setPolicy(person: Person, name: Key, text: Key): Promise<void> {
  await openAdmin(person, 'settings');
  await person.page.getByRole('radio', { name: say(name), exact: true }).click();
  await expect(person.page.getByText(say(text))).toBeVisible();
}

/** The menu of somebody's row. */
async function openActs(page: Page, { displayName: name }: Name): Promise<void> {
  await page.getByRole('button', { name: say('people.menuOf', { name }), exact: true }).click();
  await expect(page.getByRole('menu')).toBeVisible();
}

test('approved with a room, disabled and back: added by one press each time, and out at once', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  const cara = await open(carol);
  await cara.signUp();
  const room = '재무 회의';
  await anna.startWith([bob, carol], room);
  await anna.say('셋이서 시작합니다');
  await setPolicy(anna, 'overview.signUpApproval', 'overview.signUpApprovalText');

  const dave = await open(dora);
  await dave.reachSheet();
  await button(dave.page, dave.t('sheet.later')).click();
  const waiting = dave.page.getByRole('heading', { name: dave.t('waiting.title') });
  await expect(waiting).toBeVisible();
  await expectAccessible(dave.page, 'waiting for approval');

  // the messenger has the way there; how many wait may not have come yet
  await button(anna.page, say('admin.toMessenger')).click();
  await button(anna.page, anna.t('me.menu')).click();
  await anna.page.getByRole('menuitem', { name: new RegExp(`^${anna.t('admin.open')}`) }).click();
  await anna.page.waitForURL(/\/admin/);
  await openAdmin(anna, 'overview');
  await expect(anna.page.getByText(say('overview.waiting', { count: 1 })).first()).toBeVisible();
  await button(anna.page, say('overview.showWaiting')).click();
  const names = { name: dora.displayName };
  await button(anna.page, say('people.approveOf', names)).click();
  await dialog(anna.page).getByRole('checkbox', { name: room }).check();
  await press(anna.page, say('people.approve'));
  await expect(dialog(anna.page)).toBeHidden();
  await expect(anna.page.getByText(say('people.nonePending'))).toBeVisible();

  // in by itself, with the keys that were made before
  await expect(dave.page.getByRole('navigation', { name: dave.t('shell.rooms') })).toBeVisible();
  await openMessenger(anna, room);
  await expect(anna.page.getByText(anna.t('requests.approved'))).toBeVisible();
  await button(anna.page, anna.t('requests.addName', names)).click();
  await dave.openRoom(room);
  await dave.say('잘 부탁드립니다');
  await anna.sees('잘 부탁드립니다');
  await ben.openRoom(room);
  await ben.sees('잘 부탁드립니다');

  await openAdmin(anna, 'people');
  await openActs(anna.page, dora);
  await anna.page.getByRole('menuitem', { name: say('people.disable') }).click();
  await expect(dialog(anna.page)).toContainText(say('people.disableSessions'));
  const password = dialog(anna.page).getByLabel(say('backups.password'), { exact: true });
  await password.fill('틀린 비밀번호입니다');
  await press(anna.page, say('people.disable'));
  await expect(dialog(anna.page).getByRole('alert')).toContainText(anna.t('failure.WRONG_PASSWORD'));
  await password.fill(passwordOf(alice));
  await press(anna.page, say('people.disable'));
  await expect(dialog(anna.page)).toBeHidden();
  await expect(dave.page.getByText(dave.t('signIn.endedDisabled'))).toBeVisible();
  await dave.page.getByLabel(dave.t('signIn.username'), { exact: true }).fill(dora.username);
  await dave.page.getByLabel(dave.t('signIn.password'), { exact: true }).fill(passwordOf(dora));
  await button(dave.page, dave.t('signIn.submit')).click();
  await expect(dave.page.getByText(dave.t('failure.ACCOUNT_DISABLED'))).toBeVisible();

  await anna.page.getByRole('radio', { name: new RegExp(`^${say('people.disabled')}`) }).click();
  await button(anna.page, say('people.enableOf', names)).click();
  await expect(dialog(anna.page)).toContainText(say('people.enableRooms', { count: 1 }));
  await press(anna.page, say('people.enable'));
  await expect(dialog(anna.page)).toBeHidden();
  await dave.signIn();
  await openMessenger(anna, room);
  await expect(anna.page.getByText(anna.t('requests.again'))).toBeVisible();
  await button(anna.page, anna.t('requests.addAgainName', names)).click();
  await dave.openRoom(room);
  await anna.say('다시 반갑습니다');
  await dave.sees('다시 반갑습니다');

  await openAdmin(anna, 'people');
  await openActs(anna.page, bob);
  await anna.page.getByRole('menuitem', { name: say('reset.make') }).click();
  const outlook = dialog(anna.page).getByRole('region', { name: say('reset.outlook') });
  await expect(outlook.getByRole('definition')).toHaveText(['1', '0']);
  await dialog(anna.page).getByLabel(say('backups.password'), { exact: true }).fill(passwordOf(alice));
  await press(anna.page, say('reset.confirm'));
  const groups = dialog(anna.page).getByRole('list', { name: say('reset.title', { name: bob.displayName }) });
  await expect(groups.getByRole('listitem').first()).toHaveText(/^[0-9A-Z]{4,5}$/);
  await expect(dialog(anna.page)).toContainText(say('reset.onceTitle'));
  await press(anna.page, say('reset.done'));
  await expect(dialog(anna.page)).toBeHidden();

  await openActs(anna.page, dora);
  await anna.page.getByRole('menuitem', { name: say('people.seeAudit') }).click();
  const log = anna.page.getByRole('row');
  await expect(log.filter({ hasText: `${dora.displayName} 님의 가입을 승인했습니다` })).toHaveCount(1);
  await expect(log.filter({ hasText: `${dora.displayName} 님의 계정을 사용 중지했습니다` })).toHaveCount(1);
  await expect(log.filter({ hasText: bob.displayName })).toHaveCount(0);
  await expect(anna.page.getByText(/^기록이 온전합니다/)).toBeVisible();
});

test('an invitation lets in whoever has its link or code, as often as it says, until it is taken back', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const { page } = anna;
  await setPolicy(anna, 'overview.signUpInvitation', 'overview.signUpInvitationText');
  await openAdmin(anna, 'invitations');
  const make = async (note: string): Promise<string> => {
    await button(page, say('invitations.make')).click();
    await dialog(page).getByLabel(say('invitations.note')).fill(note);
    await press(page, say('invitations.confirm'));
    await expect(button(page, say('invitations.copyLink'))).toBeVisible();
    const link = await dialog(page).locator('.invitations__url').innerText();
    await press(page, say('reset.done'));
    await expect(dialog(page)).toBeHidden();
    return link;
  };
  const link = await make('신입 사원');
  const code = link.split('#invite=')[1] ?? '';
  expect(code.length).toBeGreaterThan(8);

  const ben = await open(bob, { url: link });
  await expect(ben.page.getByLabel(ben.t('signUp.invitation'))).toHaveValue(code);
  await ben.signUp();
  expect(ben.page.url()).not.toContain(code);
  await expect(page.getByRole('row', { name: /신입 사원/ })).toContainText(say('invitations.stateUsed'));
  // it was behind the #, and in the body of a request: no log has it
  expect(maru.output()).not.toContain(code);

  const cara = await open(carol);
  await cara.fillSignUp();
  const box = cara.page.getByLabel(cara.t('signUp.invitation'));
  await expect(box).toHaveAttribute('aria-invalid', 'true');
  await box.fill(code);
  await button(cara.page, cara.t('signUp.submit')).click();
  await expect(cara.page.getByText(cara.t('failure.INVITATION_WRONG'))).toBeVisible();
  const other = (await make('둘째')).split('#invite=')[1] ?? '';
  await button(page, say('invitations.revokeOf', { name: '둘째' })).click();
  await press(page, say('invitations.revoke'));
  await expect(page.getByRole('row', { name: /둘째/ })).toContainText(say('invitations.stateRevoked'));
  await box.fill(other);
  await button(cara.page, cara.t('signUp.submit')).click();
  await expect(cara.page.getByText(cara.t('failure.INVITATION_WRONG'))).toBeVisible();
  // typed as a person types it
  const third = (await make('셋째')).split('#invite=')[1] ?? '';
  await box.fill(third.toLowerCase().replaceAll('-', ' '));
  await button(cara.page, cara.t('signUp.submit')).click();
  await button(cara.page, cara.t('sheet.later')).click();
  await expect(cara.page.getByRole('navigation', { name: cara.t('shell.rooms') })).toBeVisible();
});

for (const { language, colorScheme, viewport } of [
  { language: 'ko', colorScheme: 'light', viewport: { width: 1360, height: 820 } },
  { language: 'en', colorScheme: 'dark', viewport: { width: 390, height: 800 } },
] as const) {
  test(`axe finds nothing on people, invitations and log: ${language}, ${colorScheme}, ${viewport.width} px`, async ({
    maru,
    open,
  }) => {
    const words = wordsOf(language);
    const anna = await open(alice, { language, context: { colorScheme, viewport } });
    await anna.signUp({ setUpCode: maru.setUpCode });
    const { page } = anna;
    await openAdmin(anna, 'settings');
    await page.getByRole('radio', { name: words('overview.signUpApproval'), exact: true }).click();
    await expect(page.getByText(words('overview.signUpApprovalText'))).toBeVisible();
    await expectAccessible(page, 'four policies');
    const cara = await open(carol, { language, context: { colorScheme, viewport } });
    await cara.reachSheet();
    await button(cara.page, cara.t('sheet.later')).click();
    await expect(cara.page.getByRole('heading', { name: cara.t('waiting.title') })).toBeVisible();
    await expectAccessible(cara.page, 'waiting for approval');

    await openAdmin(anna, 'people');
    await button(page, words('people.approveOf', { name: carol.displayName })).click();
    await expect(dialog(page).getByText(words('people.roomsNone'))).toBeVisible();
    await expectAccessible(page, 'approval');
    await press(page, words('people.approve'));
    await expect(dialog(page)).toBeHidden();
    await expectAccessible(page, 'people');
    const menu = page.getByRole('button', {
      name: words('people.menuOf', { name: carol.displayName }),
      exact: true,
    });
    const chooseAct = async (act: Key): Promise<void> => {
      await menu.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: words(act) }).press('Enter');
      await expect(dialog(page)).toBeVisible();
    };
    await chooseAct('people.disable');
    await expectAccessible(page, 'disabling');
    await page.keyboard.press('Escape');
    await expect(menu).toBeFocused();
    await chooseAct('reset.make');
    await expect(dialog(page).getByRole('region', { name: words('reset.outlook') })).toBeVisible();
    await expectAccessible(page, 'outlook of a reset');
    await dialog(page).getByLabel(words('backups.password'), { exact: true }).fill(passwordOf(alice));
    await press(page, words('reset.confirm'));
    await expect(dialog(page).getByText(words('reset.onceTitle'))).toBeVisible();
    await expectAccessible(page, 'a reset code');
    await press(page, words('reset.done'));

    await openAdmin(anna, 'invitations');
    await expect(page.getByText(words('invitations.none'))).toBeVisible();
    await expectAccessible(page, 'no invitations');
    await button(page, words('invitations.make')).click();
    await expectAccessible(page, 'making an invitation');
    await press(page, words('invitations.confirm'));
    await expect(button(page, words('invitations.copyLink'))).toBeVisible();
    await expectAccessible(page, 'an invitation');
    await press(page, words('reset.done'));
    await expect(page.getByRole('table')).toBeVisible();
    await expectAccessible(page, 'invitations');

    await openAdmin(anna, 'audit');
    await expect(page.getByRole('table')).toBeVisible();
    await expect(page.locator('.audit-check .notice--good')).toBeVisible();
    await expectAccessible(page, 'audit log');
    for (const format of ['csv', 'json'] as const) {
      const coming = page.waitForEvent('download');
      await page.getByRole('link', { name: words(`adminAudit.${format}`) }).click();
      const download = await coming;
      expect(download.suggestedFilename()).toMatch(new RegExp(`^audit-[0-9-]{10}\\.${format}$`));
      expect(readFileSync(await download.path(), 'utf8')).toContain('owner-registered');
    }
    await page.getByLabel(words('adminAudit.from')).fill('2001-02-03');
    await expect(page.getByRole('link', { name: words('adminAudit.csv') })).toHaveAttribute(
      'href',
      /from=\d+/,
    );
    await page.getByRole('button', { name: words('adminAudit.clear') }).click();
    await expect(page.getByRole('link', { name: words('adminAudit.csv') })).toHaveAttribute(
      'href',
      /format=csv$/,
    );
    await page.getByRole('combobox', { name: words('adminAudit.action') }).selectOption('message-pinned');
    await expect(page.getByText(words('adminAudit.none'))).toBeVisible();
    await expectAccessible(page, 'nothing in the log');
  });
}

/**
 * The browser is wiped and the password forgotten: the sheet opens everything again; without it an admin's code makes new keys,
 * and a sheet found later brings the old ones back. Another password counts at once everywhere.
 */
import { adminKo } from '../../static/locales/admin-ko.ts';
import { expectAccessible } from './accessibility.ts';
import { alice, bob, carol, expect, passwordOf, sheetGroups, test, typeSheetBack } from './office.ts';
import type { Person } from './office.ts';

const button = ({ page, t }: Person, key: Parameters<Person['t']>[0]) =>
  page.getByRole('button', { name: t(key), exact: true });

const rooms = ({ page, t }: Person) => page.getByRole('navigation', { name: t('shell.rooms') });

async function chooseNewPassword({ page, t }: Person, password: string): Promise<void> {
  await page.getByLabel(t('password.next'), { exact: true }).fill(password);
  await page.getByLabel(t('password.nextRepeat'), { exact: true }).fill(password);
}

test('a wiped browser comes back in by the sheet and reads every room; a new password ends all others', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.reachSheet();
  const sheet = await sheetGroups(ben);
  await typeSheetBack(ben);
  await expect(rooms(ben)).toBeVisible();
  const cara = await open(carol);
  await cara.signUp();
  await anna.startWith([bob, carol], '주간 회의');
  await anna.say('회의는 세 시입니다');
  await anna.startWith([bob]);
  await anna.say('금고 번호는 4711');
  await ben.openRoom('주간 회의');
  await ben.sees('회의는 세 시입니다');

  // another machine, with nothing of Ben's in it, and the wrong thing typed first
  const back = await open(bob);
  await button(back, 'signIn.forgot').click();
  const dialog = back.page.getByRole('dialog', { name: back.t('reentry.title') });
  await dialog.getByRole('button', { name: back.t('reentry.bySheet') }).click();
  await dialog.getByLabel(back.t('signIn.username'), { exact: true }).fill(bob.username);
  const typed = dialog.getByLabel(back.t('reentry.sheet'), { exact: true });
  await typed.fill(sheet.slice(0, 8).join('-'));
  await button(back, 'reentry.next').click();
  await expect(dialog.getByRole('alert')).toContainText(back.t('failure.BAD_SHEET'));
  await typed.fill(sheet.join(' ').toLowerCase());
  await button(back, 'reentry.next').click();
  const heading = back.t('reentry.passwordTitle', { name: bob.displayName });
  await expect(dialog.getByRole('heading', { name: heading })).toBeVisible();
  await chooseNewPassword(back, 'wide wooden table 1');
  await button(back, 'reentry.next').click();
  await expect(dialog.getByRole('heading', { name: back.t('sheet.title') })).toBeVisible();
  const newSheet = await sheetGroups(back);
  expect(newSheet).not.toEqual(sheet);
  await expect(rooms(ben), 'nothing has changed so far').toBeVisible();
  await typeSheetBack(back, 'reentry.finish');

  await expect(rooms(back)).toBeVisible();
  await expect(dialog).toBeHidden();
  await back.openRoom('주간 회의');
  await back.sees('회의는 세 시입니다');
  await back.openRoom(alice.displayName);
  await back.sees('금고 번호는 4711');
  await back.say('다시 들어왔습니다');
  await anna.sees('다시 들어왔습니다');
  await expect(ben.page.getByText(ben.t('signIn.endedKeys'))).toBeVisible();

  // the old password is void where Ben was signed out; the new one lets him in
  const signIn = async (password: string): Promise<void> => {
    await ben.page.getByLabel(ben.t('signIn.username'), { exact: true }).fill(bob.username);
    await ben.page.getByLabel(ben.t('signIn.password'), { exact: true }).fill(password);
    await button(ben, 'signIn.submit').click();
  };
  await signIn(passwordOf(bob));
  await expect(ben.page.getByRole('alert')).toContainText(ben.t('signIn.wrong'));
  await signIn('wide wooden table 1');
  await expect(rooms(ben)).toBeVisible();

  await button(back, 'me.menu').click();
  await back.page.getByRole('menuitem', { name: back.t('password.change') }).click();
  await back.page.getByLabel(back.t('password.current'), { exact: true }).fill('wide wooden table 1');
  await chooseNewPassword(back, 'narrow wooden table 1');
  await button(back, 'password.change').click();
  await expect(back.page.getByRole('dialog', { name: back.t('password.change') })).toBeHidden();
  await expect(ben.page.getByText(ben.t('signIn.endedKeys'))).toBeVisible();
  await back.say('비밀번호도 바꿨습니다');
  await anna.sees('비밀번호도 바꿨습니다');
});

/** As the owner makes it at `/admin`; the browser is back in the messenger afterwards. */
async function makeResetCode({ page, t, ...owner }: Person, name: string): Promise<string> {
  const dialog = page.getByRole('dialog');
  const press = (label: string): Promise<void> =>
    dialog.getByRole('button', { name: label, exact: true }).click();
  await page.goto(`${new URL(page.url()).origin}/admin#/people`);
  await page
    .getByRole('button', { name: adminKo['people.menuOf'].replace('{name}', name), exact: true })
    .click();
  await page.getByRole('menuitem', { name: adminKo['reset.make'] }).click();
  await expect(dialog.getByRole('region', { name: adminKo['reset.outlook'] })).toBeVisible();
  await dialog.getByLabel(adminKo['backups.password'], { exact: true }).fill(passwordOf(owner));
  await press(adminKo['reset.confirm']);
  const title = adminKo['reset.title'].replace('{name}', name);
  const groups = dialog.getByRole('list', { name: title }).getByRole('listitem');
  await expect(groups.first()).toHaveText(/^[0-9A-Z]{4,5}$/);
  const code = (await groups.allInnerTexts()).join('-');
  await press(adminKo['reset.done']);
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: adminKo['admin.toMessenger'], exact: true }).click();
  await expect(page.getByRole('navigation', { name: t('shell.rooms') })).toBeVisible();
  return code;
}

test('an admin’s code makes new keys; the old sheet, found later, opens every room again', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const lost = await open(bob);
  await lost.reachSheet();
  const sheet = await sheetGroups(lost);
  await typeSheetBack(lost);
  await expect(rooms(lost)).toBeVisible();
  const cara = await open(carol);
  await cara.signUp();
  await anna.startWith([bob]);
  await anna.say('금고 번호는 4711');
  await lost.openRoom(alice.displayName);
  await lost.sees('금고 번호는 4711');
  await lost.startWith([alice, carol], '주간 회의');
  await lost.say('회의는 세 시입니다');
  await anna.openRoom('주간 회의');
  await anna.sees('회의는 세 시입니다');
  await lost.page.context().close();
  const code = await makeResetCode(anna, bob.displayName);

  const back = await open(bob);
  const { page, t } = back;
  const dialog = page.getByRole('dialog', { name: t('reentry.title') });
  await test.step('the code asks for a new password and gives a new sheet, which no stray press takes away', async () => {
    await button(back, 'signIn.forgot').click();
    await expectAccessible(page, 'ways back in');
    await dialog.getByRole('button', { name: t('reentry.byCode') }).click();
    await expectAccessible(page, 'a code of the admin');
    await dialog.getByLabel(t('signIn.username'), { exact: true }).fill(bob.username);
    const typed = dialog.getByLabel(t('reentry.code'), { exact: true });
    await typed.fill('AAAA-BBBB-CCCC');
    await button(back, 'reentry.next').click();
    await expect(dialog.getByRole('alert')).toContainText(t('failure.RESET_CODE_WRONG'));
    await typed.fill(code.toLowerCase().replaceAll('-', ' '));
    await button(back, 'reentry.next').click();
    await expect(dialog.getByLabel(t('password.next'), { exact: true })).toBeVisible();
    await chooseNewPassword(back, 'wide wooden table 1');
    await button(back, 'reentry.next').click();
    await expect(dialog.getByRole('heading', { name: t('sheet.title') })).toBeVisible();

    const question = page.getByRole('dialog', { name: t('sheet.discardTitle') });
    await page.mouse.click(4, 4);
    await expect(question).toContainText(t('reentry.discardText'));
    await expectAccessible(page, 'whether to throw a sheet away');
    await question.getByRole('button', { name: t('common.cancel'), exact: true }).click();
    await page.keyboard.press('Escape');
    await expect(question).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(question).toBeHidden();
    await typeSheetBack(back, 'reentry.finish');
    await expect(rooms(back)).toBeVisible();
  });

  await test.step('nothing of before opens with the new keys', async () => {
    await back.openRoom(alice.displayName);
    await expect(page.locator('.chat__notices')).toContainText(t('failure.OWN_VERSION_OLD'));
    await expect(back.message('금고 번호는 4711')).toHaveCount(0);
  });

  await test.step('the old sheet opens every room, and nobody has to read digits out', async () => {
    await page.getByRole('button', { name: t('profile.open') }).click();
    await page.getByRole('tab', { name: t('profile.tabSecurity'), exact: true }).click();
    await button(back, 'oldSheet.title').click();
    const old = page.getByRole('dialog', { name: t('oldSheet.title') });
    const box = old.getByLabel(t('reentry.sheet'), { exact: true });
    await box.fill(sheet.slice(0, 8).join('-'));
    await button(back, 'oldSheet.submit').click();
    await expect(old.getByRole('alert')).toContainText(t('failure.BAD_SHEET'));
    await expectAccessible(page, 'an old sheet');
    await box.fill(sheet.join('-'));
    await button(back, 'oldSheet.submit').click();
    await expect(old).toBeHidden();
    await back.openRoom(alice.displayName);
    await back.sees('금고 번호는 4711');
    await back.openRoom('주간 회의');
    await back.sees('회의는 세 시입니다');
    await back.say('예전 열쇠를 찾았습니다');
    await anna.openRoom('주간 회의');
    await anna.sees('예전 열쇠를 찾았습니다');
    await anna.say('다행입니다');
    await back.sees('다행입니다');
  });
});

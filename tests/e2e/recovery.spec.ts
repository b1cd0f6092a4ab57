/** The browser is wiped and the password forgotten: the sheet opens everything again. Then another password, at once everywhere. */
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

/** What the screen owes its user: it hides nothing, covers nothing, keeps no secret in view, and says what happened. */
import type { Name } from './office.ts';
import { alice, bob, carol, expect, passwordOf, test, words } from './office.ts';
import { recordToasts } from './toasts.ts';

const namesake: Name = { ...bob, username: 'lee.two', department: '영업팀' };

test('a growing composer never covers the end of the conversation', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  for (let line = 1; line <= 20; line += 1) await anna.say(`${line}번째 줄`);
  await anna.composer().focus();
  for (let line = 1; line <= 5; line += 1) {
    await anna.page.keyboard.type('여러 줄');
    await anna.page.keyboard.press('Shift+Enter');
  }
  await expect(anna.message('20번째 줄')).toBeInViewport();
  await anna.composer().fill('');
  await expect(anna.message('20번째 줄')).toBeInViewport();
});

test('a sign-out takes what was just announced off the screen', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  const cara = await open(carol);
  await cara.signUp();
  await anna.startWith([bob]);
  await cara.startWith([alice]);
  const said = await recordToasts(anna.page);
  await cara.say('아무도 보면 안 되는 말');
  await expect.poll(async () => (await said()).join('\n')).toContain('아무도 보면 안 되는 말');

  await anna.page.getByRole('button', { name: anna.t('profile.open') }).click();
  await anna.page.getByRole('button', { name: anna.t('profile.signOut'), exact: true }).click();
  await anna.page
    .getByRole('dialog')
    .getByRole('button', { name: anna.t('profile.signOut'), exact: true })
    .click();
  await expect(anna.page.getByRole('heading', { name: anna.t('signIn.title') })).toBeVisible();
  await expect(anna.page.getByText('아무도 보면 안 되는 말')).toHaveCount(0);
});

test('who is invited late reads why nothing is there, who is removed is told', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  const dora = await open(namesake);
  await dora.signUp();
  const cara = await open(carol);
  await cara.signUp();
  await anna.startWith([bob, namesake], '모임');
  await anna.say('먼저 한 말');
  // two people of one name are told apart in the conversation itself
  await ben.openRoom('모임');
  await ben.say('제가 먼저');
  await expect(
    anna.page.locator('.chat__log').getByText(`${bob.department} · @bob`, { exact: true }),
  ).toBeVisible();

  await anna.page.getByRole('button', { name: anna.t('details.invite') }).click();
  const dialog = anna.page.getByRole('dialog');
  await dialog.getByLabel(anna.t('create.find')).fill(carol.username);
  await dialog.getByRole('option', { name: carol.displayName }).click();
  const said = await recordToasts(anna.page);
  await dialog.getByRole('button', { name: anna.t('invite.submitCount', { count: 1 }) }).click();
  // the key is made for whoever is invited within two seconds; nobody has to look at a dialog meanwhile
  await expect(dialog).toBeHidden();
  await expect.poll(said).toEqual([anna.t('invite.working', { count: 1 }), anna.t('invite.done')]);

  // found by searching, and then the list is whole again
  const search = cara.page.getByRole('searchbox', { name: cara.t('rooms.search') });
  await search.fill('모임');
  await cara.openRoom('모임');
  await expect(search).toHaveValue('');
  await expect(cara.page.getByText(cara.t('chat.joinedText'))).toBeVisible();

  const saidToCara = await recordToasts(cara.page);
  await anna.page
    .getByRole('button', { name: anna.t('details.memberMenu', { name: carol.displayName }) })
    .click();
  await anna.page.getByRole('menuitem', { name: anna.t('details.kick') }).click();
  await anna.page
    .getByRole('dialog')
    .getByRole('button', { name: anna.t('details.kick'), exact: true })
    .click();
  await expect.poll(saidToCara).toContain(cara.t('shell.roomGone', { room: '모임' }));
});

test('Escape and Tab stay with a dialog whose button was just switched off', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  await anna.page.getByRole('button', { name: anna.t('profile.open') }).click();
  const dialog = anna.page.getByRole('dialog');
  const save = dialog.getByRole('button', { name: anna.t('common.save'), exact: true });
  const said = await recordToasts(anna.page);
  await save.click();
  await expect.poll(said).toContain(anna.t('common.saved'));
  // what is said meanwhile lies on none of its buttons
  await dialog
    .getByRole('button', { name: anna.t('common.close'), exact: true })
    .last()
    .click({ trial: true });
  await anna.page.keyboard.press('Tab');
  await expect(dialog.locator(':focus')).toHaveCount(1);
  await save.click();
  await expect(save).toBeEnabled();
  await anna.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a wrong password is called that, and a deleted account leaves whole sentences', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await ben.startWith([alice]);
  await ben.say('마지막 인사');
  await anna.openRoom(bob.displayName);

  await ben.page.getByRole('button', { name: ben.t('profile.open') }).click();
  await ben.page.getByRole('tab', { name: ben.t('profile.tabSecurity') }).click();
  await ben.page.getByRole('button', { name: ben.t('profile.delete'), exact: true }).click();
  const dialog = ben.page.getByRole('dialog', { name: ben.t('profile.delete'), exact: true });
  const box = dialog.getByLabel(ben.t('signIn.password'), { exact: true });
  const confirm = dialog.getByRole('button', { name: ben.t('profile.deleteConfirm') });
  await box.fill('틀린 비밀번호 하나');
  await confirm.click();
  // the user name was not asked for, so it cannot be what is wrong
  await expect(dialog.getByRole('alert')).toHaveText(ben.t('failure.WRONG_PASSWORD'));
  await box.fill(passwordOf(bob));
  await confirm.click();
  await expect(ben.page.getByText(ben.t('signIn.endedDeleted'))).toBeVisible();

  await expect(anna.page.getByText(anna.t('chat.blockedDisabled'), { exact: true })).toBeVisible();
  await expect(anna.page.getByRole('heading', { name: anna.t('common.deletedPerson') })).toBeVisible();
});

test('choosing another language leaves the settings open where they were', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const { page } = anna;
  const english = words('en');
  await page.getByRole('button', { name: anna.t('profile.open') }).click();
  await page.getByRole('tab', { name: anna.t('profile.tabView') }).click();
  await page.getByRole('radio', { name: 'English' }).click();
  const dialog = page.getByRole('dialog', { name: english('profile.title') });
  await expect(dialog.getByRole('tab', { name: english('profile.tabView') })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await expect(dialog.getByRole('radio', { name: 'English' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  // and closed they stay closed
  await page.reload();
  await expect(page.getByRole('navigation', { name: english('shell.rooms') })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

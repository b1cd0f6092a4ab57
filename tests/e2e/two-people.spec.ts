/** Two people, two browsers, the whole way: from the set-up code to a conversation that survives everything. */
import { alice, bob, carol, expect, openBrowser, test } from './office.ts';

for (const origin of ['lanUrl', 'localUrl'] as const) {
  test(`two people sign up and talk on ${origin === 'lanUrl' ? 'a bare LAN address' : 'localhost'}`, async ({
    maru,
    open,
  }) => {
    const url = maru[origin];
    const anna = await open(alice, { url });
    expect(await anna.page.evaluate(() => isSecureContext)).toBe(origin === 'localUrl');
    expect(await anna.page.evaluate(() => 'subtle' in crypto)).toBe(origin === 'localUrl');
    // on localhost the request comes from the machine itself, which needs no code
    const code = origin === 'lanUrl' ? { setUpCode: maru.setUpCode } : {};
    await anna.signUp({ sheet: 'typed', ...code });
    await expect(anna.page.getByText(anna.t('sheet.light'))).toBeHidden();

    const ben = await open(bob, { url });
    await ben.signUp({ sheet: 'later' });
    await expect(ben.page.getByText(ben.t('sheet.light'))).toBeVisible();

    await anna.startWith([bob]);
    await anna.say('밥 님, 3분기 결산 자료 보셨어요?');
    await ben.openRoom(alice.displayName);
    await ben.sees('밥 님, 3분기 결산 자료 보셨어요?');
    await ben.say('네, 오후에 확인할게요! 🙏');
    await anna.sees('네, 오후에 확인할게요! 🙏');

    await ben.startWith([alice], undefined);
    // the same direct conversation, not a second one
    await ben.sees('밥 님, 3분기 결산 자료 보셨어요?');

    const cara = await open(carol, { url });
    await cara.signUp();
    await anna.startWith([bob, carol], '결산 TF');
    await anna.say('셋이서 이야기해요');
    for (const person of [ben, cara]) {
      await person.openRoom('결산 TF');
      await person.sees('셋이서 이야기해요');
    }
    await cara.say('반갑습니다');
    await anna.sees('반갑습니다');
    await ben.sees('반갑습니다');
  });
}

test('a reload keeps the session and the history, a new browser gets both with the password', async ({
  maru,
  open,
  browser,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  for (const text of ['하나', '둘', '셋']) await anna.say(text);
  await ben.openRoom(alice.displayName);
  await ben.sees('셋');

  await ben.page.reload();
  await ben.openRoom(alice.displayName);
  await ben.sees('하나');
  await ben.sees('셋');

  const elsewhere = await openBrowser(browser, maru, bob);
  await elsewhere.signIn();
  await elsewhere.openRoom(alice.displayName);
  await elsewhere.sees('하나');
  await elsewhere.say('집에서 씁니다');
  await ben.sees('집에서 씁니다');
  await anna.sees('집에서 씁니다');
  await elsewhere.page.context().close();
});

test('unread messages show as a number, in title and icon, and as a line above what is new', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  await anna.say('읽은 글');
  await ben.openRoom(alice.displayName);
  await ben.sees('읽은 글');
  await ben.startWith([alice], undefined);
  await ben.page.goto(`${maru.lanUrl}/`);
  await expect(ben.page.getByRole('navigation', { name: ben.t('shell.rooms') })).toBeVisible();

  for (const text of ['새 글 1', '새 글 2']) await anna.say(text);
  await expect(ben.page).toHaveTitle(/^\(2\) /);
  // the icon with the number is a picture that the page drew
  const drawnIcon = ben.page.locator('link[rel~="icon"][href^="data:image/png"]');
  await expect(drawnIcon).toHaveCount(1);
  await expect(ben.page.getByText(ben.t('rooms.unread', { count: 2 }))).toBeAttached();
  await ben.openRoom(alice.displayName);
  await ben.sees('새 글 2');
  await expect(ben.page.getByText(ben.t('chat.newMessages'), { exact: true })).toBeVisible();
  await expect(ben.page).not.toHaveTitle(/^\(/);
  await expect(drawnIcon).toHaveCount(0);
});

test('a removed member stops receiving, and an invited one reads from then on', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  const cara = await open(carol);
  await cara.signUp();
  await anna.startWith([bob, carol], '비밀 회의');
  await anna.say('모두에게');
  for (const person of [ben, cara]) {
    await person.openRoom('비밀 회의');
    await person.sees('모두에게');
  }

  await anna.page
    .getByRole('button', { name: anna.t('details.memberMenu', { name: carol.displayName }) })
    .click();
  await anna.page.getByRole('menuitem', { name: anna.t('details.kick') }).click();
  await anna.page
    .getByRole('dialog')
    .getByRole('button', { name: anna.t('details.kick'), exact: true })
    .click();
  await expect(
    cara.page.getByRole('navigation', { name: cara.t('shell.rooms') }).getByText('비밀 회의'),
  ).toBeHidden();
  await anna.say('캐롤은 못 읽는 글');
  await ben.sees('캐롤은 못 읽는 글');

  await anna.page.getByRole('button', { name: anna.t('details.invite'), exact: true }).click();
  const dialog = anna.page.getByRole('dialog');
  await dialog.getByLabel(anna.t('create.find')).fill('carol');
  await dialog.getByRole('option', { name: carol.displayName }).click();
  await dialog.getByRole('button', { name: anna.t('invite.submitCount', { count: 1 }), exact: true }).click();
  // the dialog closes at once; what is written while the invitation is under way waits for its key
  await expect(dialog).toBeHidden();
  await anna.say('다시 환영해요');
  await cara.openRoom('비밀 회의');
  await cara.sees('다시 환영해요');
  await expect(cara.message('캐롤은 못 읽는 글')).toHaveCount(0);
});

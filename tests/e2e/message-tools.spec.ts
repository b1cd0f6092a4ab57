/** What people do with messages that are there: answer, change, take back, save, pass on, put away. */
import type { Locator } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { alice, bob, carol, expect, test } from './office.ts';
import type { Person } from './office.ts';
import { recordSeen, recordToasts } from './toasts.ts';

/** A message itself, not a reply that quotes it. */
const bubble = (person: Person, text: string): Locator =>
  person.page.locator('.chat__log .bubble__text').getByText(text, { exact: true });

/** The menu of a message, opened as a mouse does. */
const openMenu = async (person: Person, text: string): Promise<Locator> => {
  await bubble(person, text).hover();
  await person.page.getByRole('button', { name: person.t('message.menu') }).click();
  return person.page.getByRole('menu');
};
/** What is seldom wanted is behind one row of the menu. */
const rare = new Set<Parameters<Person['t']>[0]>(['message.versions', 'message.hide']);
const choose = async (person: Person, text: string, key: Parameters<Person['t']>[0]): Promise<void> => {
  const menu = await openMenu(person, text);
  if (rare.has(key)) {
    await expect(menu.getByRole('menuitem', { name: person.t(key), exact: true })).toHaveCount(0);
    await menu.getByRole('menuitem', { name: person.t('message.more'), exact: true }).click();
  }
  await menu.getByRole('menuitem', { name: person.t(key), exact: true }).click();
};

test('three people answer, edit, recall, save, forward and put away messages', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  const cara = await open(carol);
  await cara.signUp();
  await anna.startWith([bob, carol], '결산 TF');
  await anna.say('회의는 3시입니다');
  for (const person of [ben, cara]) {
    await person.openRoom('결산 TF');
    await person.sees('회의는 3시입니다');
  }

  // an answer, with what it answers, for everybody
  await choose(ben, '회의는 3시입니다', 'message.reply');
  await expect(ben.page.locator('.mode')).toContainText(ben.t('chat.replyTo', { name: alice.displayName }));
  await ben.say('네, 갈게요');
  await expect(cara.page.locator('.quote')).toContainText('회의는 3시입니다');
  const found = await recordSeen(cara.page, '.message--found');
  await cara.page.locator('.quote').click();
  await expect.poll(async () => (await found()).join()).toContain('회의는 3시입니다');

  // an edit, which the answer's quote follows, and its history
  await choose(anna, '회의는 3시입니다', 'message.edit');
  await expect(anna.composer()).toHaveValue('회의는 3시입니다');
  await anna.composer().fill('회의는 4시입니다');
  await anna.composer().press('Enter');
  await expect(bubble(ben, '회의는 4시입니다')).toBeVisible();
  await expect(cara.page.locator('.quote')).toContainText('회의는 4시입니다');
  await expect(ben.page.locator('.meta__mark')).toContainText(ben.t('chat.edited'));
  await choose(cara, '회의는 4시입니다', 'message.versions');
  const versions = cara.page.getByRole('dialog');
  await expect(versions).toContainText('회의는 3시입니다');
  await expectAccessible(cara.page, 'a dialog of message tools');
  await cara.page.keyboard.press('Escape');
  await expect(versions).toBeHidden();

  // the arrow upwards changes the last one of mine; Escape leaves it as it was
  await ben.composer().press('ArrowUp');
  await expect(ben.composer()).toHaveValue('네, 갈게요');
  await ben.composer().press('Escape');
  await expect(ben.composer()).toHaveValue('');

  // saved for later, also after a reload
  const said = await recordToasts(cara.page);
  await choose(cara, '회의는 4시입니다', 'message.save');
  await expect.poll(async () => (await said()).join()).toContain(cara.t('message.savedNow'));
  await cara.page.reload();
  await cara.openRoom('결산 TF');
  await expect(bubble(cara, '회의는 4시입니다')).toBeVisible();
  await cara.page.getByRole('button', { name: cara.t('me.menu') }).click();
  await cara.page.getByRole('menuitem', { name: cara.t('message.savedTitle') }).click();
  await expect(cara.page.getByRole('dialog')).toContainText('회의는 4시입니다');
  await expectAccessible(cara.page, 'a dialog of message tools');
  await cara.page.keyboard.press('Escape');

  // passed on to the conversation with oneself
  await cara.page.getByRole('button', { name: cara.t('me.menu') }).click();
  await cara.page.getByRole('menuitem', { name: cara.t('rooms.self') }).click();
  // the box of the conversation before it stays until this one is made
  await expect(cara.composer()).toHaveAttribute('placeholder', new RegExp(cara.t('rooms.self')));
  await cara.say('나에게 쓰는 글');
  await cara.openRoom('결산 TF');
  await choose(cara, '회의는 4시입니다', 'message.forward');
  const forward = cara.page.getByRole('dialog');
  await forward.locator('.forward__room').first().getByRole('checkbox').check();
  await expectAccessible(cara.page, 'a dialog of message tools');
  await forward.getByRole('button', { name: cara.t('message.forwardSend'), exact: true }).click();
  await expect(forward).toBeHidden();

  // put away by one, still there for the others
  await choose(ben, '회의는 4시입니다', 'message.hide');
  await expect(bubble(ben, '회의는 4시입니다')).toHaveCount(0);
  await expect(bubble(cara, '회의는 4시입니다')).toBeVisible();

  // recalled: nothing is left but the trace
  await choose(anna, '회의는 4시입니다', 'message.recall');
  await anna.page
    .getByRole('dialog')
    .getByRole('button', { name: anna.t('message.recall'), exact: true })
    .click();
  for (const person of [anna, cara]) {
    await expect(person.page.locator('.bubble--recalled')).toContainText(person.t('chat.recalled'));
  }
  await expect(cara.page.locator('.quote')).toContainText(cara.t('chat.recalled'));
  await ben.page.reload();
  await ben.openRoom('결산 TF');
  await expect(ben.page.locator('.quote')).toContainText(ben.t('chat.recalled'));
});

test('the keyboard reaches every message and its menu', async ({ maru, open }) => {
  const anna = await open(alice, { language: 'en' });
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  for (const text of ['one', 'two', 'three']) await anna.say(text);
  // stored, not only on their way
  await expect(anna.page.locator('[data-message]')).toHaveCount(3);
  await anna.page.locator('.virtual').focus();
  await anna.page.keyboard.press('ArrowUp');
  await anna.page.keyboard.press('ArrowUp');
  await expect(anna.page.locator('.message:focus')).toContainText('two');
  await anna.page.keyboard.press('Enter');
  await expect(anna.page.getByRole('menu')).toBeVisible();
  await expectAccessible(anna.page, 'the message menu');
  await anna.page.keyboard.press('Escape');
  await expect(anna.page.getByRole('menu')).toBeHidden();
  await expect(anna.page.getByRole('button', { name: anna.t('message.menu') })).toBeFocused();
  // a mouse takes the toolbar along all the same
  await bubble(anna, 'three').hover();
  await bubble(anna, 'one').hover();
  const tools = anna.page.locator('[data-message]').first().locator('.row-tools');
  await expect(tools).toBeVisible();
});

test('what a long press opened stays when the finger is lifted', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const cara = await open(carol, {
    context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  });
  await cara.signUp();
  await anna.startWith([carol]);
  await anna.say('길게 눌러 보세요');
  await cara.openRoom(alice.displayName);
  const text = bubble(cara, '길게 눌러 보세요');
  await expect(text).toBeVisible();
  const menu = cara.page.getByRole('menu');
  const touch = await cara.page.context().newCDPSession(cara.page);
  const finger = (
    type: 'touchStart' | 'touchEnd',
    touchPoints: { x: number; y: number }[],
  ): Promise<unknown> => touch.send('Input.dispatchTouchEvent', { type, touchPoints });
  // the code for it may just be on its way: a finger would be put down again as well
  await expect(async () => {
    const { x, y } = (await text.boundingBox()) ?? { x: 0, y: 0 };
    await finger('touchStart', [{ x: x + 4, y: y + 4 }]);
    const isOpen = await menu.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
    await finger('touchEnd', []);
    expect(isOpen).toBe(true);
  }).toPass();
  await menu.getByRole('menuitem', { name: cara.t('message.reply'), exact: true }).tap();
  await expect(cara.page.locator('.mode')).toContainText('길게 눌러 보세요');
});

/** Three people and their polls: written with the keyboard, answered live, closed early and by their deadline. */
import type { Locator } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { alice, bob, carol, expect, test } from './office.ts';
import type { Person } from './office.ts';

const question = '금요일 회식, 어디로 갈까요?';

const cardOf = ({ page }: Person, text: string): Locator =>
  page.locator('.poll').filter({ has: page.getByText(text, { exact: true }) });

const optionOf = (person: Person, text: string, role: 'radio' | 'checkbox' = 'radio'): Locator =>
  cardOf(person, question).getByRole(role, { name: text });

/** What an option says of itself: its votes, its share, whether it is mine. */
async function expectOption(person: Person, text: string, count: number, percent: number, isMine: boolean) {
  const words = { text, count, percent };
  const name = person.t(isMine ? 'polls.optionMine' : 'polls.option', words);
  await expect(
    cardOf(person, question).getByRole('radio', { name, exact: true, checked: isMine }),
  ).toBeVisible();
}

async function openDialog({ page, t }: Person): Promise<Locator> {
  await page.getByRole('button', { name: t('chat.add'), exact: true }).click();
  await page.getByRole('menuitem', { name: t('polls.new') }).click();
  const dialog = page.getByRole('dialog', { name: t('polls.new') });
  await expect(dialog.getByLabel(t('polls.question'), { exact: true })).toBeFocused();
  return dialog;
}

const post = (dialog: Locator, { t }: Person): Promise<void> =>
  dialog.getByRole('button', { name: t('polls.send'), exact: true }).click();

test('three people ask, vote and close', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob, { language: 'en', context: { colorScheme: 'dark' } });
  await ben.signUp();
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const cara = await open(carol, { context: phone });
  await cara.signUp();
  await anna.startWith([bob, carol], '회식 모임');
  await ben.openRoom('회식 모임');

  await test.step('a poll is written without the mouse, and sent once however it was left', async () => {
    const dialog = await openDialog(anna);
    const { keyboard } = anna.page;
    await keyboard.type(question);
    for (const option of ['고깃집', '횟집', '다음에']) {
      await keyboard.press('Enter');
      await keyboard.type(option);
    }
    await expectAccessible(anna.page, 'writing a poll');
    await dialog.getByRole('button', { name: anna.t('polls.moveUp', { number: 3 }), exact: true }).click();
    await expect(dialog.getByLabel(anna.t('polls.optionName', { number: 2 }), { exact: true })).toHaveValue(
      '다음에',
    );
    await keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    // what was written is offered again
    await anna.page.getByRole('button', { name: anna.t('polls.reopen'), exact: true }).click();
    await dialog.getByRole('radio', { name: anna.t('polls.deadlineDay'), exact: true }).click();
    await post(dialog, anna);
    await expect(dialog).toBeHidden();
    await expect(optionOf(ben, '고깃집')).toBeVisible();
    await expect(cardOf(ben, question)).toHaveCount(1);
    const rooms = cara.page.getByRole('navigation', { name: cara.t('shell.rooms') });
    await expect(rooms.getByText(cara.t('polls.preview', { question }))).toBeVisible();
  });

  await test.step('votes show at once for everybody, and can be changed and taken back', async () => {
    await cara.openRoom('회식 모임');
    await optionOf(ben, '고깃집').click();
    await expectOption(anna, '고깃집', 1, 100, false);
    await expectOption(ben, '고깃집', 1, 100, true);
    await optionOf(cara, '횟집').click();
    await expectOption(anna, '횟집', 1, 50, false);
    // the arrows move the focus, and only a press votes
    await optionOf(anna, '고깃집').focus();
    await anna.page.keyboard.press('ArrowDown');
    await expect(optionOf(anna, '다음에')).toBeFocused();
    await expectOption(ben, '다음에', 0, 0, false);
    await anna.page.keyboard.press('Space');
    await expectOption(ben, '다음에', 1, 33, false);
    await optionOf(cara, '고깃집').click();
    await expectOption(ben, '고깃집', 2, 67, true);
    await expectOption(cara, '횟집', 0, 0, false);
    await cardOf(ben, question)
      .getByRole('button', { name: ben.t('polls.takeBack'), exact: true })
      .click();
    await expectOption(anna, '고깃집', 1, 50, false);
    await expectAccessible(ben.page, 'a poll in a conversation, dark');
    await expectAccessible(cara.page, 'a poll in a conversation, phone');
  });

  await test.step('my own vote is there after a reload, and who voted is told when asked', async () => {
    await cara.page.reload();
    await expectOption(cara, '고깃집', 1, 50, true);
    await cardOf(ben, question)
      .getByRole('button', { name: ben.t('polls.showVoters'), exact: true })
      .click();
    const voters = ben.page.getByRole('dialog', { name: ben.t('polls.voters') });
    await expect(voters.getByText(carol.displayName, { exact: true })).toBeVisible();
    await expect(voters.getByText(ben.t('polls.nobody'), { exact: true })).toHaveCount(1);
    await expectAccessible(ben.page, 'who voted');
    await ben.page.keyboard.press('Escape');
  });

  await test.step('its author closes it early, and nobody votes any more', async () => {
    const close = { name: anna.t('polls.close'), exact: true };
    await expect(cardOf(ben, question).getByRole('button', { name: ben.t('polls.close') })).toBeHidden();
    await cardOf(anna, question).getByRole('button', close).click();
    await anna.page.getByRole('dialog').getByRole('button', close).click();
    await expect(cardOf(ben, question).getByText(ben.t('polls.closed'))).toBeVisible();
    await expect(optionOf(ben, '횟집')).toHaveAttribute('aria-disabled', 'true');
    await optionOf(ben, '횟집').click({ force: true });
    await expectOption(ben, '횟집', 0, 0, false);
  });

  await test.step('an anonymous poll with several choices says no names', async () => {
    const dialog = await openDialog(ben);
    await ben.page.keyboard.type('간식?');
    for (const option of ['빵', '떡']) {
      await ben.page.keyboard.press('Enter');
      await ben.page.keyboard.type(option);
    }
    await dialog.getByLabel(ben.t('polls.allowMultiple')).check();
    await dialog.getByLabel(ben.t('polls.makeAnonymous')).check();
    await post(dialog, ben);
    const snack = (person: Person): Locator => cardOf(person, '간식?');
    for (const option of ['빵', '떡']) await snack(anna).getByRole('checkbox', { name: option }).click();
    await expect(snack(cara).getByRole('checkbox', { name: '떡' })).toHaveAccessibleName(
      cara.t('polls.option', { text: '떡', count: 1, percent: 100 }),
    );
    await expect(snack(cara).getByText(cara.t('polls.voterCount', { count: 1 }))).toBeVisible();
    await expect(snack(cara).getByRole('button', { name: cara.t('polls.showVoters') })).toBeHidden();
    await expect(snack(cara).getByText(cara.t('polls.anonymous'))).toBeVisible();
  });

  await test.step('the details list the polls of the room, and lead to each', async () => {
    const details = anna.page.getByRole('complementary', { name: anna.t('shell.details') });
    await details.getByRole('tab', { name: anna.t('polls.tab'), exact: true }).click();
    const items = details.getByRole('listitem');
    await expect(items).toHaveCount(2);
    await expect(items.first()).toContainText('간식?');
    await expect(items.last()).toContainText(anna.t('polls.closed'));
    await expectAccessible(anna.page, 'the polls of a room');
    await items.last().getByRole('button').click();
    await expect(cardOf(anna, question)).toBeInViewport();
  });
});

/** Sending later: from the composer, with a list that can be changed until then. */
import { expectAccessible } from './accessibility.ts';
import { alice, bob, expect, test } from './office.ts';

test('a text is scheduled, changed, sent at once and taken back', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  await anna.say('먼저 온 글');
  await ben.openRoom(alice.displayName);

  const dialog = anna.page.getByRole('dialog').last();
  const schedule = async (text: string): Promise<void> => {
    await anna.composer().fill(text);
    await anna.page.getByRole('button', { name: anna.t('chat.add') }).click();
    await anna.page.getByRole('menuitem', { name: anna.t('scheduled.new') }).click();
    await expect(dialog.getByLabel(anna.t('scheduled.text'))).toHaveValue(text);
    await dialog.getByRole('button', { name: anna.t('scheduled.tomorrow') }).click();
    await expectAccessible(anna.page, 'sending later');
    await dialog.getByRole('button', { name: anna.t('scheduled.save'), exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(anna.composer()).toHaveValue('');
  };
  await schedule('내일 아침에 볼 글');
  await schedule('취소할 글');

  await anna.page.getByRole('button', { name: anna.t('me.menu') }).click();
  await anna.page.getByRole('menuitem', { name: anna.t('scheduled.title') }).click();
  const rows = anna.page.locator('.scheduled__row');
  await expect(rows).toHaveCount(2);
  await expectAccessible(anna.page, 'messages for later');
  const row = (text: string) => rows.filter({ hasText: text });
  await row('취소할 글')
    .getByRole('button', { name: anna.t('scheduled.cancel') })
    .click();
  await expect(rows).toHaveCount(1);

  await row('내일')
    .getByRole('button', { name: anna.t('scheduled.change') })
    .click();
  await dialog.getByLabel(anna.t('scheduled.text')).fill('고친 글');
  await dialog.getByRole('button', { name: anna.t('scheduled.save'), exact: true }).click();
  await expect(row('고친 글')).toHaveCount(1);

  // still there after a reload, and nobody else has seen anything of it
  await anna.page.reload();
  await anna.page.getByRole('button', { name: anna.t('me.menu') }).click();
  await anna.page.getByRole('menuitem', { name: anna.t('scheduled.title') }).click();
  await expect(row('고친 글')).toHaveCount(1);
  await expect(ben.page.locator('[data-message]')).toHaveCount(1);
  await row('고친 글')
    .getByRole('button', { name: anna.t('scheduled.now') })
    .click();
  await ben.sees('고친 글');
  await expect(rows).toHaveCount(0);
});

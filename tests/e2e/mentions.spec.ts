/** Calling people by name: found while it is typed, marked in the text, told, and collected. */
import { expectAccessible } from './accessibility.ts';
import { alice, bob, carol, expect, test } from './office.ts';

test('people are called by initial consonants, by everybody’s name, and find what called them', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  const cara = await open(carol, { language: 'en' });
  await cara.signUp();
  await anna.startWith([bob, carol], '결산 TF');
  await ben.openRoom('결산 TF');

  const choices = anna.page.getByRole('listbox');
  await anna.composer().pressSequentially('안녕하세요 @ㅇㅂ');
  await expect(choices.getByRole('option')).toHaveCount(1);
  await expect(choices).toContainText(bob.displayName);
  await expectAccessible(anna.page, 'names to choose from');
  await anna.composer().press('Enter');
  await expect(anna.composer()).toHaveValue(`안녕하세요 @${bob.displayName} `);
  await anna.composer().pressSequentially('님, 확인 부탁드려요');
  await anna.composer().press('Enter');
  await expect(ben.page.locator('.mention--me')).toHaveText(`@${bob.displayName}`);
  await expect(ben.page.locator('.message--called')).toHaveCount(1);

  // everybody, and the arrow keys; Escape keeps what is typed
  await anna.composer().pressSequentially('@');
  await expect(choices.getByRole('option')).toHaveCount(3);
  await anna.composer().press('Escape');
  await expect(choices).toBeHidden();
  await expect(anna.composer()).toHaveValue('@');
  await anna.composer().pressSequentially('모');
  await expect(choices.getByRole('option')).toHaveCount(1);
  await anna.composer().press('Tab');
  await anna.composer().pressSequentially('회의합니다');
  await anna.composer().press('Enter');

  await expect(cara.page.locator('.room__badge--call')).toHaveCount(1);
  await cara.page.getByRole('button', { name: cara.t('me.menu') }).click();
  await cara.page.getByRole('menuitem', { name: cara.t('mentions.title') }).click();
  const inbox = cara.page.getByRole('dialog');
  await expect(inbox.locator('.saved__row')).toHaveCount(1);
  await expect(inbox.getByRole('button', { name: cara.t('common.more') })).toBeHidden();
  await expectAccessible(cara.page, 'messages that call me');
  await inbox.locator('.saved__open').click();
  await expect(cara.page.locator('.mention--me')).toHaveText('@모두');

  await ben.page.getByRole('button', { name: ben.t('me.menu') }).click();
  await ben.page.getByRole('menuitem', { name: ben.t('mentions.title') }).click();
  await expect(ben.page.getByRole('dialog').locator('.saved__row')).toHaveCount(2);
});

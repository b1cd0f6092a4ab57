/** axe finds nothing on any screen, in both languages and themes, on a desktop and a phone; and the keyboard gets everywhere. */
import { expectAccessible } from './accessibility.ts';
import { alice, bob, carol, expect, passwordOf, test } from './office.ts';

const variants = [
  { language: 'ko', colorScheme: 'light', viewport: { width: 1360, height: 820 } },
  { language: 'en', colorScheme: 'dark', viewport: { width: 390, height: 800 } },
] as const;

for (const { language, colorScheme, viewport } of variants) {
  test(`axe finds nothing: ${language}, ${colorScheme}, ${viewport.width} px`, async ({ maru, open }) => {
    const options = { language, context: { colorScheme, viewport } };
    const anna = await open(alice, options);
    const { page, t } = anna;
    const submit = page.getByRole('button', { name: t('signUp.submit'), exact: true });
    await expect(submit).toBeVisible();
    await expectAccessible(page, 'first set-up');
    await submit.click();
    await expect(page.locator('[aria-invalid="true"]').first()).toBeVisible();
    await expectAccessible(page, 'sign-up with mistakes');
    await anna.signUp({ setUpCode: maru.setUpCode, sheet: 'later' });
    await expectAccessible(page, 'empty room list');

    const ben = await open(bob, options);
    const forgot = ben.page.getByRole('button', { name: t('signIn.forgot'), exact: true });
    await expect(forgot).toBeVisible();
    await expectAccessible(ben.page, 'sign-in');
    await forgot.click();
    await expect(ben.page.getByRole('dialog')).toBeVisible();
    await expectAccessible(ben.page, 'forgot the password');
    await ben.page.keyboard.press('Escape');
    await ben.signUp({ sheet: 'typed' });
    const cara = await open(carol, options);
    await cara.signUp();

    await page
      .getByRole('button', { name: t('rooms.new'), exact: true })
      .first()
      .click();
    await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
    await expectAccessible(page, 'new conversation');
    await page.keyboard.press('Escape');
    await anna.startWith([bob, carol], 'Design 회의');
    await expectAccessible(page, 'empty conversation');
    await anna.say('https://example.com 을 보세요\n둘째 줄');
    await ben.openRoom('Design 회의');
    await ben.say('네!');
    await anna.sees('네!');
    await expectAccessible(page, 'conversation');

    const details = page.getByRole('button', { name: t('rooms.detailsToggle'), exact: true });
    if (viewport.width < 720) await details.click();
    await expect(page.getByRole('complementary', { name: t('shell.details') })).toBeVisible();
    await expectAccessible(page, 'details');
    await page.getByRole('button', { name: t('details.memberMenu', { name: carol.displayName }) }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    await expectAccessible(page, 'menu');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: t('details.leave'), exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, 'confirmation');
    await page.keyboard.press('Escape');
  });
}

for (const { language, colorScheme, viewport } of variants) {
  test(`axe finds nothing on what is one’s own: ${language}, ${colorScheme}, ${viewport.width} px`, async ({
    maru,
    open,
  }) => {
    const anna = await open(alice, { language, context: { colorScheme, viewport } });
    const { page, t } = anna;
    await anna.signUp({ setUpCode: maru.setUpCode, sheet: 'later' });

    await page.getByRole('button', { name: t('sheet.light') }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, 'password before a new sheet');
    await page.getByLabel(t('signIn.password'), { exact: true }).fill(passwordOf(alice));
    await page
      .getByRole('dialog')
      .getByRole('button', { name: t('sheet.make'), exact: true })
      .click();
    await expect(page.getByRole('list', { name: t('sheet.groups') })).toBeVisible();
    await expectAccessible(page, 'recovery sheet');
    await page.getByRole('button', { name: t('sheet.next'), exact: true }).click();
    await expect(page.getByRole('button', { name: t('sheet.confirm'), exact: true })).toBeVisible();
    await expectAccessible(page, 'typing the sheet back');
    // a sheet that is not in force is not lost by one key
    await page.keyboard.press('Escape');
    const discard = page.getByRole('button', { name: t('sheet.discard'), exact: true });
    await expect(discard).toBeVisible();
    await expectAccessible(page, 'a sheet about to be discarded');
    await discard.click();
    await expect(page.getByRole('dialog')).toHaveCount(0);

    await page.getByRole('button', { name: t('profile.open') }).click();
    const tabs = ['tabProfile', 'tabView', 'tabDevices', 'tabSecurity', 'tabHere'] as const;
    for (const tab of tabs) {
      const chosen = page.getByRole('tab', { name: t(`profile.${tab}`), exact: true });
      await chosen.click();
      await expect(chosen).toHaveAttribute('aria-selected', 'true');
      await expectAccessible(page, `profile: ${tab}`);
    }
    await page
      .getByRole('button', { name: t('profile.signOut'), exact: true })
      .first()
      .click();
    await expectAccessible(page, 'sign-out');
    await page.keyboard.press('Escape');

    const ben = await open(bob);
    await ben.signUp();
    await anna.startWith([bob]);
    await maru.kill();
    await expect(page.getByRole('button', { name: t('banner.now'), exact: true })).toBeVisible();
    await anna.say('서버가 없을 때 쓴 글');
    await anna.sees('서버가 없을 때 쓴 글');
    await expectAccessible(page, 'connection lost, a message waiting');
  });
}

test('a conversation can be started and held with the keyboard alone', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  const { page } = anna;
  await page
    .getByRole('button', { name: anna.t('rooms.new'), exact: true })
    .first()
    .focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(page.getByRole('combobox', { name: anna.t('create.find') })).toBeFocused();
  await page.keyboard.type('bob');
  await expect(page.getByRole('option', { name: bob.displayName })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: anna.t('create.start'), exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(anna.composer()).toBeFocused();
  await page.keyboard.type('keyboard only');
  await page.keyboard.press('Enter');
  await anna.sees('keyboard only');

  await page.keyboard.press('Control+k');
  await page.keyboard.type('ㅇㅂ');
  await expect(
    page
      .getByRole('navigation', { name: anna.t('shell.rooms') })
      .getByText(bob.displayName)
      .first(),
  ).toBeVisible();
});

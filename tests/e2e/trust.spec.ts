/** Two people compare their safety number, and see what would bring their keys back. */
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { alice, bob, expect, test } from './office.ts';
import type { Person } from './office.ts';

const press = (where: Page | Locator, { t }: Person, key: Parameters<Person['t']>[0]): Promise<void> =>
  where.getByRole('button', { name: t(key), exact: true }).click();

/** The room's panel, and in it the card of the one other person. */
async function openCard(person: Person, otherName: string): Promise<Locator> {
  const { page, t } = person;
  await page.locator('.head__seal').click();
  const panel = page.getByRole('dialog', { name: t('trust.room') });
  await expect(panel.getByText(t('trust.roomSendable'))).toBeVisible();
  await expectAccessible(page, 'security of a conversation');
  await panel.getByRole('button', { name: new RegExp(`^${otherName}`) }).click();
  const card = page.getByRole('dialog', { name: t('trust.person', { name: otherName }) });
  await expect(card.getByRole('heading', { name: t('trust.number') })).toBeVisible();
  await expectAccessible(page, 'key of a person');
  return card;
}

const groupsOf = (card: Locator): Promise<string[]> => card.locator('.safety__group').allInnerTexts();

async function closeAll({ page }: Person): Promise<void> {
  while ((await page.getByRole('dialog').count()) > 0) await page.keyboard.press('Escape');
}

test('two people compare their safety number, and the light says what signing out would cost', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode, sheet: 'typed' });
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const ben = await open(bob, { language: 'en', context: { ...phone, colorScheme: 'dark' } });
  await ben.signUp({ sheet: 'later' });
  await anna.startWith([bob]);
  await anna.say('안녕하세요');
  await ben.openRoom(alice.displayName);
  await ben.sees('안녕하세요');

  await test.step('both screens show the same number', async () => {
    const hers = await openCard(anna, bob.displayName);
    const his = await openCard(ben, alice.displayName);
    const groups = await groupsOf(hers);
    expect(groups).toHaveLength(12);
    for (const group of groups) expect(group).toMatch(/^[0-9]{5}$/);
    expect(await groupsOf(his)).toEqual(groups);
    await hers.getByText(anna.t('trust.code'), { exact: true }).click();
    await hers.getByLabel(anna.t('trust.codeLabel')).fill('maru-sn1:AAAA');
    await press(hers, anna, 'trust.codeCompare');
    await expect(hers.getByText(anna.t('trust.codeUnreadable'))).toBeVisible();
  });

  await test.step('who compared has a mark beside the name, everywhere and after a reload', async () => {
    const { page, t } = anna;
    const card = page.getByRole('dialog', { name: t('trust.person', { name: bob.displayName }) });
    await press(card, anna, 'trust.numberSame');
    await expect(card.getByText(t('trust.verified'), { exact: true })).toBeVisible();
    await expect(card.getByRole('button', { name: t('trust.dropMark') })).toBeVisible();
    await closeAll(anna);
    const named = new RegExp(`^${bob.displayName}\\s?, ${t('rooms.verified')}$`);
    await expect(page.getByRole('main').getByRole('heading', { name: named })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('main').getByRole('heading', { name: named })).toBeVisible();
    await expect(page.locator('.room .verified')).toBeVisible();
    await expectAccessible(page, 'a verified person');
    await closeAll(ben);
    await expect(ben.page.locator('.verified')).toHaveCount(0);
  });

  await test.step('a rehearsal turns the light green, with a sheet that was typed back', async () => {
    const { page, t } = anna;
    await page.getByRole('button', { name: t('me.menu') }).click();
    await page.getByRole('menuitem', { name: new RegExp(`^${t('recovery.title')}`) }).click();
    const dialog = page.getByRole('dialog', { name: t('recovery.title') });
    await press(dialog, anna, 'recovery.checkNow');
    await expect(dialog.getByText(t('recovery.lamp.green'))).toBeVisible();
    await expect(dialog.getByText(t('recovery.why.allWell'))).toBeVisible();
    await expectAccessible(page, 'recovery check, green');
    await closeAll(anna);
    await page.getByRole('button', { name: t('profile.open') }).click();
    await press(page, anna, 'profile.signOut');
    await expect(page.getByRole('dialog', { name: t('profile.signOutTitle') })).toBeVisible();
    await expect(page.getByText(t('recovery.warnSheet'))).toHaveCount(0);
  });

  await test.step('red without one, and said before signing out', async () => {
    const { page, t } = ben;
    await press(page, ben, 'common.back');
    await expect(page.getByRole('button', { name: t('sheet.light') })).toBeVisible();
    await page.getByRole('button', { name: t('profile.open') }).click();
    await page.getByRole('tab', { name: t('profile.tabSecurity') }).click();
    await expect(page.getByText(t('recovery.lamp.red'))).toBeVisible();
    await expectAccessible(page, 'recovery check, red');
    await press(page, ben, 'profile.signOut');
    const dialog = page.getByRole('dialog', { name: t('profile.signOutTitle') });
    await expect(dialog.getByText(t('recovery.warnSheet'))).toBeVisible();
    await expect(dialog.getByRole('button', { name: t('common.cancel'), exact: true })).toBeFocused();
    await expectAccessible(page, 'sign-out on red');
  });
});

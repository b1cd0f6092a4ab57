/** Three people, pinned messages and a notice: raised, acknowledged, who has not is reminded, recalled. */
import type { Locator } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { alice, bob, carol, expect, test } from './office.ts';
import type { Person } from './office.ts';
import { recordToasts } from './toasts.ts';

const notice = '금요일 오후 6시부터 사내망 점검이 있습니다.\n그 전에 파일을 저장해 주세요.';
const firstLine = /금요일 오후 6시부터 사내망 점검이 있습니다/;

const banner = ({ page }: Person): Locator => page.locator('.notice-bar');
const button = (within: Locator, name: string): Locator => within.getByRole('button', { name, exact: true });
const rowOf = ({ page }: Person, text: string | RegExp): Locator =>
  page.locator('.chat__log [data-message]').filter({ hasText: text });

/** Chooses what a message's menu offers, opened as a mouse does. */
async function choose(person: Person, text: string | RegExp, label: string): Promise<void> {
  const { page, t } = person;
  await rowOf(person, text).hover();
  await page.getByRole('button', { name: t('message.menu') }).click();
  await page.getByRole('menu').getByRole('menuitem', { name: label, exact: true }).click();
}

/** The details stand beside a conversation on a wide screen, as soon as their code has come. */
async function openTab({ page, t }: Person): Promise<Locator> {
  await page.getByRole('tab', { name: t('notices.tab'), exact: true }).click();
  return page.locator('.pin-list');
}

test('a notice is raised, acknowledged, asked for again and recalled', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob, { language: 'en', context: { colorScheme: 'dark' } });
  await ben.signUp();
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const cara = await open(carol, { context: phone });
  await cara.signUp();
  await anna.startWith([bob, carol], '총무 알림');
  await anna.composer().fill(notice);
  await anna.composer().press('Enter');
  await anna.say('점심은 각자 드세요');
  await ben.openRoom('총무 알림');

  await test.step('a pin is marked and listed for everybody', async () => {
    await choose(anna, '점심은 각자 드세요', anna.t('pins.pin'));
    await expect(rowOf(ben, '점심은 각자 드세요').getByTitle(ben.t('chat.pinned'))).toBeVisible();
    const list = await openTab(ben);
    await expect(list.getByText('점심은 각자 드세요')).toBeVisible();
    await expect(banner(ben)).toBeHidden();
  });

  await test.step('a notice stands above the conversation, opens, and is acknowledged once', async () => {
    await choose(anna, firstLine, anna.t('notices.raise'));
    await expect(banner(ben).getByText(firstLine)).toBeVisible();
    const line = banner(ben).locator('.notice-bar__line');
    await line.focus();
    await ben.page.keyboard.press('Enter');
    await expect(banner(ben).getByText('그 전에 파일을 저장해 주세요.')).toBeVisible();
    await expect(line).toBeFocused();
    await expectAccessible(ben.page, 'a notice above the conversation');
    await button(banner(ben), ben.t('notices.acknowledge')).click();
    await expect(banner(ben).getByText(ben.t('notices.acknowledged'), { exact: true })).toBeVisible();
    const count = { acknowledged: 1, people: 2 };
    await expect(banner(anna).getByText(anna.t('notices.count', count))).toBeVisible();
    await expect(banner(ben).getByText(ben.t('notices.count', count))).toBeVisible();
  });

  await test.step('its author sees who has not, and reminds them', async () => {
    const list = await openTab(anna);
    await expectAccessible(anna.page, 'notices in the details');
    await button(list, anna.t('notices.count', { acknowledged: 1, people: 2 })).click();
    const dialog = anna.page.getByRole('dialog', { name: anna.t('notices.readers') });
    await expect(dialog.getByText(anna.t('notices.waiting', { count: 1 }))).toBeVisible();
    await expect(dialog.getByRole('listitem').filter({ hasText: carol.displayName })).toBeVisible();
    const said = await recordToasts(cara.page);
    await button(dialog, anna.t('notices.remind')).click();
    const told = cara.t('notices.reminder', { room: '총무 알림' });
    await expect.poll(async () => (await said()).join('\n')).toContain(told);
    await expect(button(dialog, anna.t('notices.remind'))).toBeDisabled();
    await expectAccessible(anna.page, 'who has acknowledged');
    await cara.openRoom('총무 알림');
    await expect(cara.page).toHaveTitle(/^\(\d+\) /);
    await expectAccessible(cara.page, 'a notice on a phone');
    await button(banner(cara), cara.t('notices.acknowledge')).click();
    await expect(cara.page).not.toHaveTitle(/^\(/);
    await expect(dialog.getByText(anna.t('notices.done', { count: 2 }))).toBeVisible();
    await anna.page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('folded away it stays so over a reload, until its text changes', async () => {
    await button(banner(ben), ben.t('notices.fold')).click();
    const sign = button(banner(ben), ben.t('notices.unfold'));
    await expect(sign).toBeVisible();
    await ben.page.reload();
    await expect(sign).toBeVisible();
    await choose(anna, firstLine, anna.t('message.edit'));
    await anna.composer().fill('금요일 오후 7시부터 사내망 점검이 있습니다.');
    await anna.composer().press('Enter');
    await expect(banner(ben).getByText('금요일 오후 7시부터 사내망 점검이 있습니다.')).toBeVisible();
    await expect(sign).toBeHidden();
  });

  await test.step('a recall takes pin and notice with it', async () => {
    await choose(anna, /오후 7시부터/, anna.t('message.recall'));
    await button(anna.page.getByRole('dialog'), anna.t('message.recall')).click();
    for (const person of [anna, ben, cara]) await expect(banner(person)).toBeHidden();
    const list = await openTab(ben);
    await expect(list.getByRole('listitem')).toHaveCount(1);
    await expect(list.getByText('점심은 각자 드세요')).toBeVisible();
  });
});

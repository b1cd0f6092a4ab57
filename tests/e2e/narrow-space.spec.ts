/** Where space is short, what tells things apart stays: numbers from titles, words beside long names, user names. */
import type { Locator } from '@playwright/test';
import type { Name } from './office.ts';
import { alice, bob, carol, expect, test } from './office.ts';

const longName = '아주아주긴이름을가진사람입니다아주아주긴이름을가진사람입니다';
const longDepartment = '디지털전환추진본부 차세대업무혁신기획실 통합운영지원담당';
const dora: Name = { username: 'dora.with.a.name', displayName: longName, department: longDepartment };

const widthOf = (element: Locator): Promise<number> =>
  element.evaluate((node) => node.getBoundingClientRect().width);

test('titles that end in digits, long senders and long departments stay readable', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const long = await open(dora);
  await long.signUp();
  const ben = await open(bob);
  await ben.signUp();
  const cara = await open(carol);
  await cara.signUp();
  const { page, t } = anna;

  await page
    .getByRole('button', { name: t('rooms.new'), exact: true })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('create.find')).fill(dora.username);
  const option = dialog.getByRole('option', { name: longName });
  const handle = option.getByText(`@${dora.username}`, { exact: true });
  await expect(handle).toBeVisible();
  // measured in one go, and again when the list was drawn anew meanwhile; parts of a pixel are enough for an ellipsis
  const measured = () =>
    handle.evaluate((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      const [text, box] = [range.getBoundingClientRect(), node.getBoundingClientRect()];
      const row = node.closest('.person');
      const role = row?.querySelector('.person__role');
      return {
        isDrawn: node.isConnected,
        isWhole: box.width >= text.width && box.right <= (row?.getBoundingClientRect().right ?? 0),
        isRoleCut: role instanceof HTMLElement && role.scrollWidth > role.clientWidth,
      };
    });
  await expect.poll(measured).toEqual({ isDrawn: true, isWhole: true, isRoleCut: true });
  await page.keyboard.press('Escape');

  await anna.startWith([bob, dora], '설비 점검 60');
  await long.openRoom('설비 점검 60');
  await long.say('내일 아침에 봅시다');
  await anna.sees('내일 아침에 봅시다');
  const row = page.locator('.room', { hasText: '설비 점검 60' });
  const count = row.locator('.room__count');
  await expect(count.locator('svg')).toBeVisible();
  // spoken with what it counts, and not as part of the title
  await expect(row).toHaveAccessibleName(
    new RegExp(`^설비 점검 60 ?, ${t('rooms.peopleCount', { count: 3 })}`),
  );
  const preview = row.locator('.room__preview');
  await expect(preview).toHaveText(t('rooms.by', { name: longName, text: '내일 아침에 봅시다' }));
  expect(await widthOf(row.locator('.room__sender'))).toBeLessThan((await widthOf(preview)) / 2);
});

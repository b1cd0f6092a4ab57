/** Three people and their memos: to many at once, opened, taken back, answered, scheduled, on paper. */
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { alice, bob, carol, expect, test } from './office.ts';
import type { Person } from './office.ts';
import { recordToasts } from './toasts.ts';

const text = '내일 오전 10시까지 경비 정산서를 내 주세요.\n자세한 것은 http://intra.example/정산 을 보세요.';
const line = '내일 오전 10시까지 경비 정산서를 내 주세요.';

const envelope = ({ page, t }: Person): Locator =>
  page
    .getByRole('navigation', { name: t('shell.rooms') })
    .getByRole('button', { name: new RegExp(`^${t('memos.title')}`) });

async function openMemos(person: Person): Promise<void> {
  await envelope(person).click();
  await expect(person.page.getByRole('heading', { name: person.t('memos.title'), level: 2 })).toBeVisible();
}

const rows = ({ page }: Person): Locator => page.locator('.memo-row');

const tool = ({ page, t }: Person, key: Parameters<Person['t']>[0]): Locator =>
  page.getByRole('toolbar', { name: t('memos.tools') }).getByRole('button', { name: t(key), exact: true });

const compose = async ({ page, t }: Person): Promise<Locator> => {
  await page.getByRole('button', { name: t('memos.write'), exact: true }).click();
  return page.getByRole('dialog', { name: t('memos.write') });
};

async function choose(dialog: Locator, { t }: Person, query: string, name: string): Promise<void> {
  await dialog.getByLabel(t('create.find')).fill(query);
  await dialog.getByRole('option', { name }).click();
}

const press = (dialog: Locator, { t }: Person, key: Parameters<Person['t']>[0]): Promise<void> =>
  dialog.getByRole('button', { name: t(key), exact: true }).click();

/** What would be on paper; the browser's own dialog would wait for a person. */
const printed = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        window.print = () => {
          const sheet = document.querySelector('.memo-print');
          resolve(sheet instanceof HTMLElement ? (sheet.textContent ?? '') : '');
          window.dispatchEvent(new Event('afterprint'));
        };
        document.querySelector<HTMLElement>('[data-tool="print"]')?.click();
      }),
  );

test('three people write memos, and know who has read them', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob, { language: 'en', context: { colorScheme: 'dark' } });
  await ben.signUp();
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const cara = await open(carol, { context: phone });
  await cara.signUp();

  await test.step('a memo goes to many at once, and what was written survives a reload', async () => {
    await openMemos(anna);
    await expectAccessible(anna.page, 'no memos');
    let dialog = await compose(anna);
    await choose(dialog, anna, 'ㅇㅂ', bob.displayName);
    await choose(dialog, anna, 'ㅂㅋㄹ', carol.displayName);
    await dialog.getByLabel(anna.t('memos.text'), { exact: true }).fill(text);
    await expectAccessible(anna.page, 'writing a memo');
    const said = await recordToasts(anna.page);
    await anna.page.keyboard.press('Escape');
    await expect.poll(async () => (await said()).join('\n')).toContain(anna.t('memos.kept'));
    await anna.page.reload();
    dialog = await compose(anna);
    await expect(dialog.getByLabel(anna.t('memos.text'), { exact: true })).toHaveValue(text);
    await press(dialog, anna, 'memos.send');
    await expect(dialog).toBeHidden();
    await anna.page.getByRole('tab', { name: anna.t('memos.sent') }).click();
    await expect(rows(anna)).toHaveCount(1);
    await expect(rows(anna)).toContainText(anna.t('memos.readCount', { read: 0, count: 2 }));
  });

  await test.step('it counts as unread, and says nothing before it is opened', async () => {
    for (const person of [ben, cara]) {
      await expect(envelope(person)).toHaveAccessibleName(person.t('memos.titleUnread', { count: 1 }));
      await expect(person.page).toHaveTitle(/^\(1\) /);
    }
    await openMemos(ben);
    await expect(rows(ben)).toContainText(ben.t('memos.notOpened'));
    await expect(rows(ben)).toContainText(alice.displayName);
    await rows(ben).click();
    await expect(ben.page.locator('.memo__text')).toContainText(line);
    await expect(ben.page.locator('.memo__text a')).toHaveAttribute('href', /^http:\/\/intra\.example/);
    await expect(envelope(ben)).toHaveAccessibleName(ben.t('memos.title'));
    await expect(ben.page).not.toHaveTitle(/^\(/);
    await expectAccessible(ben.page, 'a memo, dark');
  });

  await test.step('its sender sees who has read it, and takes it back from the others', async () => {
    await rows(anna).click();
    const receipts = anna.page.getByRole('region', { name: anna.t('memos.receipts') });
    await expect(receipts.getByRole('listitem').filter({ hasText: bob.displayName })).toContainText('읽음');
    await expect(receipts.getByRole('listitem').filter({ hasText: carol.displayName })).toContainText(
      anna.t('memos.notRead'),
    );
    await expectAccessible(anna.page, 'a memo that was sent');
    await tool(anna, 'memos.recall').click();
    await press(anna.page.getByRole('dialog'), anna, 'memos.recall');
    await expect(receipts).toContainText(anna.t('memos.takenBack'));
    await expect(tool(anna, 'memos.recall')).toBeHidden();
    await expect(envelope(cara)).toHaveAccessibleName(cara.t('memos.title'));
    await openMemos(cara);
    await rows(cara).click();
    await expect(cara.page.locator('.memo').getByText(cara.t('memos.recalledText'))).toBeVisible();
    await expect(cara.page.getByText(line)).toHaveCount(0);
    await expectAccessible(cara.page, 'a recalled memo, phone');
    await tool(cara, 'memos.delete').click();
    await press(cara.page.getByRole('dialog'), cara, 'memos.delete');
    await expect(cara.page.getByText(cara.t('memos.inboxEmpty'))).toBeVisible();
    await expect(ben.page.locator('.memo__text')).toContainText(line);
  });

  await test.step('an answer to everybody reaches everybody, also on a phone', async () => {
    await tool(ben, 'memos.replyAll').click();
    const dialog = ben.page.getByRole('dialog');
    await dialog.getByLabel(ben.t('memos.text'), { exact: true }).fill('네, 오늘 내겠습니다.');
    await ben.page.keyboard.press('Control+Enter');
    await expect(dialog).toBeHidden();
    await expect(rows(cara)).toContainText(bob.displayName);
    await rows(cara).click();
    await expect(cara.page.locator('.memo__text')).toHaveText('네, 오늘 내겠습니다.');
    await expectAccessible(cara.page, 'a memo, phone');
    await cara.page.goBack();
    await expect(rows(cara)).toBeVisible();
    await cara.page.getByRole('button', { name: cara.t('common.back') }).click();
    await expect(envelope(cara)).toBeVisible();
  });

  await test.step('what is printed is the memo, with sender, readers and time', async () => {
    const paper = await printed(ben.page);
    for (const part of [line, alice.displayName, bob.displayName, carol.displayName]) {
      expect(paper).toContain(part);
    }
    await expect(ben.page.locator('.memo-print')).toHaveCount(0);
  });

  await test.step('a memo can wait for its time, be moved, and be dropped', async () => {
    const dialog = await compose(anna);
    await choose(dialog, anna, 'bob', bob.displayName);
    await dialog.getByLabel(anna.t('memos.text'), { exact: true }).fill('예약한 쪽지');
    await dialog.getByRole('radio', { name: anna.t('memos.later'), exact: true }).click();
    await dialog.getByLabel(anna.t('common.day')).fill('2020-01-01');
    await press(dialog, anna, 'memos.schedule');
    await expect(dialog.getByText(anna.t('memos.needTime'))).toBeVisible();
    const year = new Date().getFullYear() + 1;
    await dialog.getByLabel(anna.t('common.day')).fill(`${year}-01-02`);
    await dialog.getByLabel(anna.t('common.clock')).fill('09:30');
    await expectAccessible(anna.page, 'scheduling a memo');
    await press(dialog, anna, 'memos.schedule');
    await expect(dialog).toBeHidden();
    await anna.page.getByRole('tab', { name: anna.t('memos.scheduled') }).click();
    await rows(anna).click();
    await tool(anna, 'memos.reschedule').click();
    const mover = anna.page.getByRole('dialog');
    await mover.getByLabel(anna.t('common.clock')).fill('10:45');
    await press(mover, anna, 'memos.reschedule');
    await expect(anna.page.locator('.memo__when')).toContainText('10:45');
    await tool(anna, 'memos.cancel').click();
    await press(anna.page.getByRole('dialog'), anna, 'memos.cancel');
    await expect(anna.page.getByText(anna.t('memos.scheduledEmpty'))).toBeVisible();
  });

  await test.step('the address leads back to a memo, and a room leads out', async () => {
    const address = ben.page.url();
    expect(address).toMatch(/#\/memos\/[\w-]{22}$/);
    await ben.page.reload();
    await expect(ben.page.locator('.memo__text')).toContainText(line);
    await ben.startWith([alice]);
    await expect(ben.page.locator('.memos')).toHaveCount(0);
  });
});

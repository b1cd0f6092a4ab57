/** Three people and a room that has an owner: its settings, an announcement, a request to join, roles, links and its log. */
import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { alice, bob, carol, expect, test } from './office.ts';
import type { Name, Person } from './office.ts';

const title = '등산 모임';
const renamed = '북한산 등산 모임';

const detailsOf = ({ page, t }: Person): Locator =>
  page.getByRole('complementary', { name: t('shell.details') });

const announcementOf = ({ page }: Person): Locator =>
  page.locator('.chat__log').getByText('첫 산행은 12일입니다');

/** On a phone the details are a step of their own. */
async function showDetails(person: Person): Promise<Locator> {
  const details = detailsOf(person);
  if ((person.page.viewportSize()?.width ?? 0) < 720) {
    await person.page.getByRole('button', { name: person.t('rooms.detailsToggle') }).click();
  }
  await expect(details).toBeVisible();
  return details;
}

async function openSettings(person: Person): Promise<Locator> {
  const details = await showDetails(person);
  await details.getByRole('button', { name: person.t('details.settings'), exact: true }).click();
  const dialog = person.page.getByRole('dialog', { name: person.t('roomSettings.title') });
  await expect(dialog).toBeVisible();
  return dialog;
}

const choose = (dialog: Locator, { t }: Person, rule: 'post' | 'invite', who: 'everyone' | 'admins') =>
  dialog
    .getByRole('radiogroup', { name: t(`roomSettings.${rule}`), exact: true })
    .getByRole('radio', { name: t(`roomSettings.${who}`) })
    .click();

async function save(dialog: Locator, { t }: Person): Promise<void> {
  await dialog.getByRole('button', { name: t('common.save'), exact: true }).click();
  await expect(dialog).toBeHidden();
}

const memberOf = (person: Person, { displayName }: Name): Locator =>
  detailsOf(person).locator('.member').filter({ hasText: displayName });

async function chooseForMember(
  person: Person,
  { displayName }: Name,
  item: 'details.makeAdmin' | 'details.handOver' | 'details.kick',
): Promise<void> {
  const { page, t } = person;
  await page.getByRole('button', { name: t('details.memberMenu', { name: displayName }) }).click();
  await page.getByRole('menuitem', { name: t(item), exact: true }).click();
}

async function confirmKick({ page, t }: Person): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: t('details.kick'), exact: true }).click();
  await expect(dialog).toBeHidden();
}

/** The picture in the head of the conversation, as the browser decoded it. */
const pictureWidth = ({ page }: Person): Promise<number> =>
  page
    .locator('.head__face img')
    .evaluateAll((images) => images.map((image) => Object(image).naturalWidth)[0] ?? 0);

/** A photograph, drawn by the browser: wider than high, of more colours than an icon has. */
async function photograph({ page }: Person): Promise<Buffer> {
  const url = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 400;
    const pen = canvas.getContext('2d');
    const sky = pen?.createLinearGradient(0, 0, 0, 400);
    if (!pen || !sky) return '';
    for (const [at, colour] of [
      [0, '#f6c089'],
      [0.6, '#8fb7a5'],
      [1, '#31543f'],
    ] as const) {
      sky.addColorStop(at, colour);
    }
    pen.fillStyle = sky;
    pen.fillRect(0, 0, 640, 400);
    pen.fillStyle = '#24402f';
    pen.beginPath();
    for (const [x, y] of [
      [140, 400],
      [320, 120],
      [520, 400],
    ] as const) {
      pen.lineTo(x, y);
    }
    pen.fill();
    return canvas.toDataURL('image/png');
  });
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

test('a room is run by its owner and admins, and found by somebody who asks to join', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob, { language: 'en', context: { colorScheme: 'dark' } });
  await ben.signUp();
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const cara = await open(carol, { context: phone });
  await cara.signUp();
  await anna.startWith([bob, carol], title);
  await chooseForMember(anna, carol, 'details.kick');
  await confirmKick(anna);
  await expect(memberOf(anna, carol)).toBeHidden();

  await test.step('the owner says what the room is, who writes, and that it may be found', async () => {
    const dialog = await openSettings(anna);
    await dialog.locator('input[type="file"]').setInputFiles({
      name: '산.png',
      mimeType: 'image/png',
      buffer: await photograph(anna),
    });
    await expect(dialog.locator('.avatar__picture')).toBeVisible();
    await dialog.getByLabel(anna.t('create.groupTitle')).fill(renamed);
    await dialog
      .getByLabel(anna.t('roomSettings.description'), { exact: true })
      .fill('매달 둘째 토요일\nhttps://example.org/course');
    await choose(dialog, anna, 'post', 'admins');
    await dialog.getByLabel(anna.t('roomSettings.listed')).check();
    await dialog.getByLabel(anna.t('roomSettings.history')).check();
    await expectAccessible(anna.page, 'the settings of a room');
    await save(dialog, anna);
    await expect(detailsOf(anna).getByRole('heading', { name: renamed })).toBeVisible();
    await expect(detailsOf(anna).getByText(anna.t('details.historyOn'))).toBeVisible();
  });

  await test.step('a member sees all of it at once, and why there is no box to write in', async () => {
    await ben.page.locator('.room__name').getByText(renamed, { exact: true }).click();
    await expect(ben.page.getByText(ben.t('failure.POSTING_RESTRICTED'))).toBeVisible();
    await expect(ben.composer()).toBeHidden();
    const details = await showDetails(ben);
    await expect(details.getByText('매달 둘째 토요일')).toBeVisible();
    await expect(details.getByRole('link', { name: 'https://example.org/course' })).toBeVisible();
    await expect.poll(() => pictureWidth(ben)).toBe(128);
    await expect(details.getByRole('button', { name: ben.t('details.settings') })).toBeHidden();
    await expectAccessible(ben.page, 'an announcement room');
    await anna.say('첫 산행은 12일입니다 https://example.org/map');
    await expect(announcementOf(ben)).toBeVisible();
  });

  await test.step('somebody finds it on a phone, asks, and is let in', async () => {
    await cara.page
      .getByRole('button', { name: cara.t('rooms.new'), exact: true })
      .first()
      .click();
    await cara.page.getByRole('button', { name: cara.t('discover.title') }).click();
    const dialog = cara.page.getByRole('dialog', { name: cara.t('discover.title') });
    await dialog.getByRole('searchbox').fill('ㅂㅎㅅ');
    const row = dialog.getByRole('listitem').filter({ hasText: renamed });
    await row.getByRole('button', { name: cara.t('discover.ask') }).click();
    await expect(row.getByText(cara.t('discover.pending'))).toBeVisible();
    await expectAccessible(cara.page, 'finding rooms');
    const asking = anna.page.getByRole('navigation').getByText(anna.t('rooms.asking', { count: 1 }));
    await expect(asking).toBeAttached();
    await expectAccessible(anna.page, 'a request to join');
    const accept = anna.t('requests.acceptName', { name: carol.displayName });
    await detailsOf(anna).getByRole('button', { name: accept }).click();
    await row.getByRole('button', { name: cara.t('discover.open') }).click();
    await expect(asking).toBeHidden();
    // written before, with a key that was shared afterwards
    await expect(announcementOf(cara)).toBeVisible();
  });

  await test.step('the owner makes an admin, who may write, and then hands over', async () => {
    await chooseForMember(anna, bob, 'details.makeAdmin');
    await expect(memberOf(anna, bob)).toContainText(anna.t('details.admin'));
    await ben.say('준비물은 제가 챙길게요');
    await cara.sees('준비물은 제가 챙길게요');
    await chooseForMember(anna, bob, 'details.handOver');
    const dialog = anna.page.getByRole('dialog');
    await dialog.getByRole('button', { name: anna.t('details.handOverConfirm'), exact: true }).click();
    await expect(memberOf(ben, bob)).toContainText(ben.t('details.owner'));
    await expect(memberOf(ben, alice)).toContainText(ben.t('details.admin'));
  });

  await test.step('links are found as far back as this browser has opened', async () => {
    const details = detailsOf(ben);
    await details.getByRole('tab', { name: ben.t('details.tabLinks') }).click();
    await expect(details.getByRole('link', { name: 'https://example.org/map' })).toBeVisible();
    await expect(details.getByText(ben.t('links.whole'))).toBeVisible();
    await expectAccessible(ben.page, 'the links of a room');
    await details.getByRole('tab', { name: ben.t('details.tabMembers') }).click();
  });

  await test.step('the new owner removes somebody, and reads and takes away the log', async () => {
    await chooseForMember(ben, carol, 'details.kick');
    await confirmKick(ben);
    await expect(memberOf(ben, carol)).toBeHidden();
    await expect(cara.page.getByText(cara.t('rooms.empty'))).toBeVisible();
    const settings = await openSettings(ben);
    await settings.getByRole('button', { name: ben.t('audit.open'), exact: true }).click();
    const log = ben.page.getByRole('dialog', { name: ben.t('audit.title') });
    const names = { actor: alice.displayName, name: carol.displayName };
    await expect(log.getByText(ben.t('audit.accepted', names))).toBeVisible();
    await expect(log.getByRole('listitem').first()).toContainText(
      ben.t('audit.kicked', { actor: bob.displayName, name: carol.displayName }),
    );
    await expectAccessible(ben.page, 'the log of a room');
    const downloading = ben.page.waitForEvent('download');
    await log.getByRole('link', { name: ben.t('audit.csv') }).click();
    const file = readFileSync(await (await downloading).path(), 'utf8');
    expect(file.startsWith('\ufeff"id","time"')).toBe(true);
    expect(file.split('\r\n').filter((line) => line !== '')).toHaveLength(11);
  });
});

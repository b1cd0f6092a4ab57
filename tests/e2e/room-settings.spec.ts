/** What is one's own about rooms: favourites in an order, mute, hiding, marks of unread. */
import type { Locator } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { alice, bob, carol, expect, personAt, test } from './office.ts';
import type { Person } from './office.ts';
import { recordToasts } from './toasts.ts';

const first = '가 회의';
const second = '나 회의';

const row = ({ page }: Person, title: string): Locator =>
  page.locator('.room-list__item', { has: page.locator('.room__name').getByText(title, { exact: true }) });
const button = (person: Person, title: string): Locator => row(person, title).locator('.room');
const badge = (person: Person, title: string): Locator => row(person, title).locator('.room__badge');
const favourites = ({ page }: Person): Locator => page.locator('[data-favourite="true"] .room__name');
const menuItem = ({ page, t }: Person, key: Parameters<Person['t']>[0]): Locator =>
  page.getByRole('menu').getByText(t(key), { exact: true });
/** By the secondary mouse button. */
const choose = async (person: Person, title: string, key: Parameters<Person['t']>[0]): Promise<void> => {
  await button(person, title).click({ button: 'right' });
  await menuItem(person, key).click();
};

test('favourites, mute, hiding and marks are one’s own, in all of one’s tabs', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  const cara = await open(carol, { language: 'en' });
  await cara.signUp();
  for (const title of [first, second]) await anna.startWith([bob, carol], title);
  await expect(row(ben, second)).toBeVisible();
  const tab = personAt(await ben.page.context().newPage(), bob, 'ko');
  await tab.page.goto(maru.lanUrl);
  await expect(row(tab, second)).toBeVisible();

  // favourites: by right click, and by the button in the row
  await choose(ben, second, 'roomMenu.favourite');
  await expect(favourites(tab)).toHaveText([second]);
  await button(ben, first).hover();
  await row(ben, first)
    .getByRole('button', { name: ben.t('roomMenu.label') })
    .click();
  await expect(ben.page.getByRole('menu')).toBeVisible();
  await expectAccessible(ben.page, 'the menu of a room');
  await menuItem(ben, 'roomMenu.favourite').click();
  for (const person of [ben, tab]) await expect(favourites(person)).toHaveText([second, first]);
  await expect(ben.page.locator('.room-list__heading').first()).toHaveText(ben.t('rooms.favourites'));

  // into another order: by keyboard, by mouse, and after a reload
  await button(ben, first).focus();
  await ben.page.keyboard.press('Alt+ArrowUp');
  for (const person of [ben, tab]) await expect(favourites(person)).toHaveText([first, second]);
  await expect(button(ben, first)).toBeFocused();
  await button(ben, first).hover();
  await ben.page.mouse.down();
  const target = (await row(ben, second).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await ben.page.mouse.move(target.x + 80, target.y + target.height - 6, { steps: 4 });
  await expect(ben.page.locator('[data-drop="below"]')).toHaveCount(1);
  await ben.page.mouse.up();
  await expect(favourites(tab)).toHaveText([second, first]);
  await expect(ben.composer()).toHaveCount(0);
  await ben.page.reload();
  await expect(favourites(ben)).toHaveText([second, first]);
  await expect(favourites(anna)).toHaveCount(0);

  // mute: no toast, no number in the title; the room still counts
  await choose(ben, first, 'roomMenu.mute');
  await menuItem(ben, 'roomMenu.mute.hour').click();
  await expect(row(tab, first).locator('.room__silent')).toBeVisible();
  const told = await recordToasts(ben.page);
  await anna.openRoom(first);
  await anna.say('조용한 소식');
  await expect(badge(ben, first)).toHaveClass(/room__badge--quiet/);
  await anna.openRoom(second);
  await anna.say('들리는 소식');
  await expect(badge(ben, second)).toContainText('1');
  await expect.poll(async () => (await told()).join()).toContain('들리는 소식');
  expect((await told()).join()).not.toContain('조용한 소식');
  await expect(ben.page).toHaveTitle(/^\(1\)/);
  await choose(ben, first, 'roomMenu.unmute');
  await expect(ben.page).toHaveTitle(/^\(2\)/);
  await expect(badge(tab, first)).not.toHaveClass(/room__badge--quiet/);

  // a level, which the menu shows
  await choose(ben, second, 'roomMenu.level');
  await menuItem(ben, 'roomMenu.level.none').click();
  await expect(row(tab, second).locator('.room__silent')).toBeVisible();
  await choose(ben, second, 'roomMenu.level');
  const chosen = ben.page.getByRole('menuitemradio', { name: ben.t('roomMenu.level.none'), exact: true });
  await expect(chosen).toHaveAttribute('aria-checked', 'true');
  await menuItem(ben, 'roomMenu.level.all').click();
  await expect(row(tab, second).locator('.room__silent')).toHaveCount(0);

  // hidden until something new comes, or until it is asked for
  await button(ben, second).focus();
  await ben.page.keyboard.press('Shift+F10');
  await menuItem(ben, 'roomMenu.hide').click();
  for (const person of [ben, tab]) await expect(row(person, second)).toHaveCount(0);
  await anna.say('돌아오는 소식');
  for (const person of [ben, tab]) await expect(row(person, second)).toBeVisible();
  await choose(cara, second, 'roomMenu.hide');
  await expect(row(cara, second)).toHaveCount(0);
  await cara.page.locator('.room-list__hidden').click();
  const hidden = cara.page.getByRole('dialog');
  await expect(hidden).toContainText(second);
  await expectAccessible(cara.page, 'hidden conversations');
  await hidden.getByRole('button', { name: cara.t('roomMenu.showRoom', { room: second }) }).click();
  await expect(hidden).toContainText(cara.t('roomMenu.hiddenNone'));
  await cara.page.keyboard.press('Escape');
  await expect(row(cara, second)).toBeVisible();
  await choose(cara, first, 'roomMenu.hide');
  await expect(row(cara, first)).toHaveCount(0);
  await cara.page.getByRole('searchbox').fill('가 회');
  await button(cara, first).click();
  await expect(cara.page.locator('.room-list__hidden')).toBeHidden();

  // a mark of unread, from a message; it goes when the room is opened anew
  await ben.openRoom(second);
  await expect(badge(ben, second)).toHaveCount(0);
  await ben.message('들리는 소식').hover();
  await ben.page.getByRole('button', { name: ben.t('message.menu') }).click();
  await menuItem(ben, 'message.more').click();
  await menuItem(ben, 'message.unreadFrom').click();
  for (const person of [ben, tab]) await expect(badge(person, second)).toContainText('2');
  await expect(anna.page.locator('.meta__unread')).toHaveCount(2);
  await ben.openRoom(first);
  await ben.openRoom(second);
  await expect(ben.page.locator('.new-line')).toBeVisible();
  for (const person of [ben, tab]) await expect(badge(person, second)).toHaveCount(0);
  await choose(tab, second, 'roomMenu.unread');
  await expect(badge(ben, second)).toContainText('1');
  await choose(ben, second, 'roomMenu.read');
  await expect(badge(tab, second)).toHaveCount(0);
});

test('a long absence has a way to the first message that was missed', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  await anna.say('떠나기 전');
  await ben.openRoom(alice.displayName);
  await ben.sees('떠나기 전');
  await expect(anna.page.locator('.meta__unread')).toHaveCount(0);
  await ben.page.goto('about:blank');
  const count = 60;
  for (let number = 1; number <= count; number += 1) await anna.say(`놓친 소식 ${number}`);
  // all of them on the server, or he comes back in the middle
  await anna.sees(`놓친 소식 ${count}`);
  await expect(anna.page.locator('.meta__state')).toHaveCount(0);
  await ben.page.goto(maru.lanUrl);
  await ben.openRoom(alice.displayName);
  const jump = ben.page.locator('.jump--up');
  await expect(jump).toContainText(ben.t('rooms.unread', { count }));
  await jump.click();
  await expect(ben.page.locator('.new-line')).toBeVisible();
  await ben.sees('놓친 소식 1');
  await expect(jump).toBeHidden();
});

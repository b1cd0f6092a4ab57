/** Reactions and formatted texts, as three people use them on the insecure origin. */
import type { Locator } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { alice, bob, carol, expect, test } from './office.ts';
import type { Person } from './office.ts';

/** The row of a message. */
const row = (person: Person, text: string): Locator =>
  person.page.locator('[data-message]').filter({ has: person.page.getByText(text, { exact: true }) });
const pills = (person: Person, text: string): Locator =>
  row(person, text).locator('.reaction:not(.reaction--add)');
const picker = (person: Person): Locator =>
  person.page.getByRole('dialog', { name: person.t('reactions.pick') });
const openPicker = async (person: Person, text: string): Promise<Locator> => {
  await person.page.getByText(text, { exact: true }).last().hover();
  await person.page.getByRole('button', { name: person.t('message.react'), exact: true }).click();
  await expect(picker(person)).toBeVisible();
  return picker(person);
};

test('three people react to a message, and everybody sees who', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  const cara = await open(carol, {
    language: 'en',
    context: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true },
  });
  await cara.signUp();
  await anna.startWith([bob, carol], '결산 TF');
  await anna.say('3시에 회의실에서 봐요');
  for (const person of [ben, cara]) {
    await person.openRoom('결산 TF');
    await person.sees('3시에 회의실에서 봐요');
  }

  // from the row of six, by the mouse
  const first = await openPicker(ben, '3시에 회의실에서 봐요');
  await expect(first.getByRole('searchbox')).toBeFocused();
  await first.getByRole('button', { name: '👍️', exact: true }).first().click();
  for (const person of [anna, ben, cara]) {
    await expect(pills(person, '3시에 회의실에서 봐요')).toHaveText([/^👍️ 1\D/]);
  }
  await expect(pills(ben, '3시에 회의실에서 봐요')).toHaveAttribute('aria-pressed', 'true');
  await expect(pills(anna, '3시에 회의실에서 봐요')).toHaveAttribute('aria-pressed', 'false');

  // the pill itself joins, by the keyboard, keeps the focus and says who
  const pill = pills(anna, '3시에 회의실에서 봐요');
  await pill.focus();
  await expect(anna.page.locator('.reaction-tip')).toHaveText(bob.displayName);
  await anna.page.keyboard.press('Enter');
  await expect(pill).toHaveText(/^👍️ 2\D/);
  await expect(pill).toBeFocused();
  const names = `${anna.t('common.me')}, ${bob.displayName}`;
  await expect(pill).toHaveAccessibleName(`👍️ 2 ${anna.t('reactions.who', { names })}`);

  // a search in Korean, by 초성, and in English
  const search = await openPicker(anna, '3시에 회의실에서 봐요');
  await search.getByRole('searchbox').fill('ㅅㅇ');
  await expect(search.getByRole('button', { name: '생일 케이크' })).toBeVisible();
  await search.getByRole('searchbox').fill('party popper');
  await expect(search.locator('.emoji-picker__grid button')).toHaveCount(1);
  await expectAccessible(anna.page, 'the picker of emojis');
  await anna.page.keyboard.press('ArrowDown');
  await anna.page.keyboard.press('Enter');
  await expect(search).toBeHidden();
  await expect(pills(ben, '3시에 회의실에서 봐요')).toHaveText([/^👍️ 2\D/, /^🎉 1\D/]);

  // on a phone: the menu of a long press has the row of six on top
  const bubble = cara.page.getByText('3시에 회의실에서 봐요', { exact: true });
  const menu = cara.page.getByRole('menu');
  // the code for it may just be on its way: a finger would be put down again as well
  await expect(async () => {
    if (!(await menu.isVisible()))
      await bubble.dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
    await expect(menu).toBeVisible({ timeout: 10_000 });
  }).toPass();
  await expectAccessible(cara.page, 'the menu of a message on a phone');
  await menu.getByRole('menuitem', { name: '🙏' }).click();
  await expect(pills(anna, '3시에 회의실에서 봐요')).toHaveText([/^👍️ 2\D/, /^🎉 1\D/, /^🙏 1\D/]);

  // taken back; what nobody has any more is gone
  await pills(anna, '3시에 회의실에서 봐요').nth(1).click();
  await expect(pills(cara, '3시에 회의실에서 봐요')).toHaveText([/^👍️ 2\D/, /^🙏 1\D/]);

  // a reload shows the same
  await anna.page.reload();
  await anna.openRoom('결산 TF');
  await expect(pills(anna, '3시에 회의실에서 봐요')).toHaveText([/^👍️ 2\D/, /^🙏 1\D/]);
  await expectAccessible(anna.page, 'a conversation with reactions');
});

test('a text is plain until the code for formatting has come, and formatted in its place afterwards', async ({
  maru,
  open,
}) => {
  let letThrough: () => void = () => undefined;
  const isLetThrough = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  const anna = await open(alice, {
    prepare: async (context) => {
      await context.route(/\/assets\/formatted-text-/, async (route) => {
        await isLetThrough;
        await route.continue();
      });
    },
  });
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  await anna.say('**굵게** 그리고 http://a.kr/b');
  const text = anna.page.locator('.chat__log .bubble__text').first();
  await expect(text).toHaveText('**굵게** 그리고 http://a.kr/b');
  await expect(text.getByRole('link', { name: 'http://a.kr/b' })).toBeVisible();
  await anna.say('별 없는 글');
  letThrough();
  await expect(text.locator('strong')).toHaveText('굵게');
  await expect(text.getByRole('link', { name: 'http://a.kr/b' })).toBeVisible();
  await anna.sees('별 없는 글');
});

test('formatting beside Hangul, and what is not meant as such', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob, { language: 'en', context: { colorScheme: 'dark' } });
  await ben.signUp();
  await anna.startWith([bob]);
  await anna.say('**회의(오전)**는 *3층*에서, ~~2시~~ `10시`에 합니다. 2*3*4와 snake_case는 그대로');
  await ben.openRoom(alice.displayName);
  const log = ben.page.locator('.chat__log');
  await expect(log.locator('strong')).toHaveText('회의(오전)');
  await expect(log.locator('em')).toHaveText('3층');
  await expect(log.locator('del')).toHaveText('2시');
  await expect(log.locator('.format__code')).toHaveText('10시');
  await expect(log.getByText('2*3*4와 snake_case는 그대로')).toBeVisible();

  // Ctrl+B and Ctrl+I mark what is chosen, and a second press takes the marks away
  const box = anna.composer();
  await box.fill('중요한 일');
  await box.press('Home');
  for (const _ of '중요한') await box.press('Shift+ArrowRight');
  await box.press('Control+b');
  await expect(box).toHaveValue('**중요한** 일');
  await box.press('Control+b');
  await expect(box).toHaveValue('중요한 일');
  await box.press('Control+i');
  await expect(box).toHaveValue('*중요한* 일');
  await box.fill('');

  const lines = ['오늘 할 일', '1. 결산', '2. **보고서**', '> 인용한 글', '답', '```', 'const a = 1;', '```'];
  await anna.composer().fill(lines.join('\n'));
  await anna.composer().press('Enter');
  await expect(log.locator('.format__list .format__item')).toHaveText(['1.결산', '2.보고서']);
  await expect(log.locator('.format__quote')).toHaveText('인용한 글');
  await expect(log.locator('.format__block')).toHaveText('const a = 1;');
  await anna.say(
    '[여기](http://wiki.local/a) <img src=x onerror="document.title=1"> [x](javascript:alert(1))',
  );
  const link = log.getByRole('link', { name: '여기' });
  await expect(link).toHaveAttribute('href', 'http://wiki.local/a');
  await expect(link).toHaveAttribute('rel', /noopener/);
  await expect(log.getByText('(wiki.local)')).toBeVisible();
  await expect(log.locator('img, [onerror]')).toHaveCount(0);
  await expect(log.getByRole('link')).toHaveCount(1);
  await expectAccessible(ben.page, 'formatted messages');

  // how to write it
  await anna.page.getByRole('button', { name: anna.t('chat.add'), exact: true }).click();
  await anna.page.getByRole('menuitem', { name: anna.t('format.help') }).click();
  const help = anna.page.getByRole('dialog');
  await expect(help.locator('dd strong')).toHaveText(anna.t('format.bold'));
  await expectAccessible(anna.page, 'how to format');
  await anna.page.keyboard.press('Escape');
  await expect(help).toBeHidden();

  // a long text is folded by its height, formatted or not
  await anna
    .composer()
    .fill(Array.from({ length: 40 }, (_, index) => `- **${index + 1}번** 항목`).join('\n'));
  await anna.composer().press('Enter');
  const more = log.getByRole('button', { name: ben.t('common.more') });
  await expect(more).toBeVisible();
  const folded = await log.locator('.bubble__text--folded').boundingBox();
  expect(folded?.height).toBeLessThan(340);
  await more.click();
  await expect(log.locator('.bubble__text--folded')).toHaveCount(0);
  await expect(log.getByText('40번')).toBeVisible();
});

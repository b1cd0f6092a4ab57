/** Korean (and Japanese) input through the browser's own composition events. */
import type { CDPSession } from '@playwright/test';
import { alice, bob, expect, test } from './office.ts';
import type { Person } from './office.ts';

const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, nativeVirtualKeyCode: 13 };
/** What Chromium reports while an input method has the key. */
const taken = { ...enter, windowsVirtualKeyCode: 229 };

async function compose(cdp: CDPSession, text: string): Promise<void> {
  await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
}

async function commit(cdp: CDPSession, text: string): Promise<void> {
  await cdp.send('Input.insertText', { text });
}

async function sentTexts(person: Person): Promise<string[]> {
  const rows = await person.page.locator('.chat__log').innerText();
  return rows.match(/(안녕하세요?|반갑습니다|日本語)/gm) ?? [];
}

async function talk({
  maru,
  open,
}: Parameters<Parameters<typeof test>[2]>[0]): Promise<{ anna: Person; cdp: CDPSession }> {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  await anna.composer().focus();
  return { anna, cdp: await anna.page.context().newCDPSession(anna.page) };
}

test('Enter in the middle of a syllable sends the whole text once', async ({ maru, open }) => {
  const { anna, cdp } = await talk({ maru, open } as never); // only these two fixtures are used
  await commit(cdp, '안녕하세');
  for (const step of ['ㅇ', '요']) await compose(cdp, step);
  // Chromium: keydown (229, composing), then the input method commits, then keyup
  await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...taken });
  await commit(cdp, '요');
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
  await anna.sees('안녕하세요');
  await expect(anna.composer()).toHaveValue('');
  await expect.poll(() => sentTexts(anna)).toEqual(['안녕하세요']);

  // the next message is not disturbed by what was remembered
  await compose(cdp, '반갑습니다');
  await commit(cdp, '반갑습니다');
  await expect(anna.composer()).toHaveValue('반갑습니다');
  await anna.composer().press('Enter');
  await anna.sees('반갑습니다');
  await expect.poll(() => sentTexts(anna)).toEqual(['안녕하세요', '반갑습니다']);
});

test('confirming a Japanese candidate with Enter does not send', async ({ maru, open }) => {
  const { anna, cdp } = await talk({ maru, open } as never); // only these two fixtures are used
  await compose(cdp, 'にほんご');
  await compose(cdp, '日本語');
  await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...taken });
  await commit(cdp, '日本語');
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
  await expect(anna.composer()).toHaveValue('日本語');
  expect(await sentTexts(anna)).toEqual([]);
  await anna.composer().press('Enter');
  await anna.sees('日本語');
});

test('Shift+Enter makes a new line, and on a phone so does Enter', async ({ maru, open }) => {
  const { anna } = await talk({ maru, open } as never); // only these two fixtures are used
  await anna.composer().pressSequentially('첫 줄');
  await anna.composer().press('Shift+Enter');
  await anna.composer().pressSequentially('둘째 줄');
  await expect(anna.composer()).toHaveValue('첫 줄\n둘째 줄');

  const phone = await open(bob, {
    context: { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true },
  });
  await phone.signIn();
  await phone.openRoom(alice.displayName);
  await phone.composer().pressSequentially('가');
  await phone.composer().press('Enter');
  await phone.composer().pressSequentially('나');
  await expect(phone.composer()).toHaveValue('가\n나');
});

test('Enter in the middle of a name chooses it, and sends nothing', async ({ maru, open }) => {
  const { anna, cdp } = await talk({ maru, open } as never); // only these two fixtures are used
  const choices = anna.page.getByRole('listbox');
  // the list of names comes a moment after the conversation
  await anna.composer().pressSequentially('@');
  await expect(choices).toBeVisible();
  for (const step of ['ㅇ', '이']) await compose(cdp, step);
  await expect(choices.getByRole('option')).toHaveCount(1);
  await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...taken });
  await commit(cdp, '이');
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
  await expect(anna.composer()).toHaveValue(`@${bob.displayName} `);
  await expect(choices).toBeHidden();
  await expect(anna.page.locator('[data-message]')).toHaveCount(0);
});

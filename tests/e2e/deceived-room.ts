/** A room that works, that stands still while the server lies, and that works again. */
import type { Locator, Page } from '@playwright/test';
import { confess, expect, givenAway } from './deceived-office.ts';
import type { Office } from './deceived-office.ts';

/** What a conversation says above its messages. */
export const notices = (page: Page): Locator => page.locator('.chat__notices .notice');

const sendButton = ({ page, t }: Office['alice']): Locator =>
  page.getByRole('button', { name: t('chat.send'), exact: true });

/** A message that came back from the server; one on its way has no name yet. */
export const storedRow = ({ page }: Office['alice'], text: string): Locator =>
  page.locator('[data-message]').filter({ hasText: text });

let count = 0;
/** A name that no room of this office has yet. */
export function titleOf(name: string): string {
  count += 1;
  return `${name} ${count}`;
}

/** The pane that says who is here. It stands beside a conversation on a wide screen, as soon as its code has come. */
export const seesDetails = ({ page }: Office['alice']): Promise<void> =>
  expect(page.locator('.details')).toBeVisible();

/** Alice's page shows a room that works. */
export async function openWorkingRoom(
  office: Office,
  title: string,
  others: readonly string[],
): Promise<string> {
  const { alice, bob } = office;
  const roomUid = await bob.makeRoom(title, [alice.userUid, ...others]);
  await alice.openRoom(title);
  await bob.says(roomUid, `${title}: 시작합니다`);
  await alice.sees(`${title}: 시작합니다`);
  return roomUid;
}

/** The room stands still, in words; what alice writes stays where it is, and nothing sealed leaves the page. */
export async function expectRefused(office: Office, code: string, text: string): Promise<void> {
  await expectHeld(office, code, text);
  expect(givenAway(office.server)).toEqual([]);
}

export async function expectHeld({ alice }: Office, code: string, text: string): Promise<void> {
  const { page, t } = alice;
  const reason = t(`failure.${code}` as Parameters<typeof t>[0]); // the codes have a sentence each
  await expect(notices(page).filter({ hasText: reason })).toBeVisible();
  // nothing green says that nobody else can read
  await expect(page.locator('.head__seal')).toHaveText(alice.t('failure.QUARANTINED'));
  await alice.composer().fill(text);
  await expect(sendButton(alice)).toBeDisabled();
  await alice.composer().press('Enter');
  await expect(alice.composer()).toHaveValue(text);
}

/** The truth is back: what stayed in the box goes out, or what is written now, and bob reads it. */
export async function expectWorking(office: Office, roomUid: string, text: string): Promise<void> {
  const { alice, bob } = office;
  const { title } = bob.room(roomUid);
  await confess(office);
  await alice.openRoom(title);
  if ((await alice.composer().inputValue()) === '') await alice.composer().fill(text);
  await expect(sendButton(alice)).toBeEnabled();
  await expect(notices(alice.page)).toHaveCount(0);
  await expect(alice.page.locator('.head__seal')).toHaveText(alice.t('rooms.seal'));
  await alice.composer().press('Enter');
  await bob.reads(roomUid, text);
}

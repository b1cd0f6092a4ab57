/** Who has read, who is typing, who is there and what they say of themselves: three people who watch each other. */
import type { Locator } from '@playwright/test';
import { adminKo } from '../../static/locales/admin-ko.ts';
import { expectAccessible } from './accessibility.ts';
import { alice, bob, carol, expect, test } from './office.ts';
import type { Person } from './office.ts';

const room = '결산 TF';

/** The number beside a message, wherever it is in the history. */
const numberOf = ({ page, t }: Person, count: number): Locator =>
  page.getByRole('button', { name: t('chat.unreadBy', { count }), exact: true });
const typing = ({ page }: Person): Locator => page.locator('.typing');

type Three = { anna: Person; ben: Person; cara: Person };

async function threePeople(open: (name: typeof alice) => Promise<Person>, setUpCode: string): Promise<Three> {
  const anna = await open(alice);
  await anna.signUp({ setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  const cara = await open(carol);
  await cara.signUp();
  return { anna, ben, cara };
}

async function readAndCount({ anna, ben, cara }: Three, lanUrl: string): Promise<void> {
  await anna.say('다섯 시까지 의견 주세요');
  await expect(numberOf(anna, 2)).toBeVisible();
  await ben.openRoom(room);
  await ben.sees('다섯 시까지 의견 주세요');
  await expect(numberOf(anna, 1)).toBeVisible();
  await expect(numberOf(ben, 1)).toBeVisible();

  await numberOf(anna, 1).focus();
  await anna.page.keyboard.press('Enter');
  const dialog = anna.page.getByRole('dialog', { name: anna.t('readers.title') });
  const part = (key: 'readers.unread' | 'readers.read', count: number): Locator =>
    dialog.locator('section', { hasText: anna.t(key, { count }) });
  await expect(part('readers.unread', 1)).toContainText(carol.displayName);
  await expect(part('readers.read', 1)).toContainText(bob.displayName);
  await expectAccessible(anna.page, 'readers');
  await cara.openRoom(room);
  await cara.sees('다섯 시까지 의견 주세요');
  await expect(part('readers.read', 2)).toContainText(carol.displayName);
  await expect(part('readers.unread', 0)).toContainText(anna.t('readers.nobody'));
  await anna.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(numberOf(anna, 1)).toBeHidden();

  await cara.page.goto('about:blank');
  await ben.say('저는 괜찮습니다');
  await expect(numberOf(ben, 1)).toBeVisible();
  await expect(numberOf(anna, 1)).toBeVisible();
  const office = await anna.page.context().newPage();
  await office.goto(`${lanUrl}/admin#/settings`);
  const receipts = office.getByRole('radiogroup', { name: adminKo['policies.receipts'] });
  await receipts.getByRole('radio', { name: adminKo['policies.receipts.sender'] }).click();
  // what ben wrote is his to see, and anna's no more
  await expect(numberOf(anna, 1)).toBeHidden();
  await expect(numberOf(ben, 1)).toBeVisible();
  await receipts.getByRole('radio', { name: adminKo['policies.receipts.off'] }).click();
  await expect(numberOf(ben, 1)).toBeHidden();
  await expectAccessible(office, 'policies');
  await receipts.getByRole('radio', { name: adminKo['policies.receipts.everyone'] }).click();
  for (const person of [anna, ben]) await expect(numberOf(person, 1)).toBeVisible();
}

/** Types on until the others see it: a line that holds for six seconds may come and go while a busy machine looks away. */
async function typeUntilSeen(writer: Person, others: readonly Person[]): Promise<void> {
  await expect(async () => {
    await writer.composer().pressSequentially('음');
    await Promise.all(
      others.map((other) =>
        expect(typing(other)).toHaveText(other.t('typing.one', { name: writer.displayName }), {
          timeout: 3_500,
        }),
      ),
    );
  }).toPass();
}

async function typeAtEachOther({ anna, ben, cara }: Three): Promise<void> {
  for (const person of [ben, cara]) await person.openRoom(room);
  await expect(typing(anna)).toBeHidden();
  await typeUntilSeen(ben, [anna, cara]);
  await expect(typing(ben)).toBeHidden();
  await expectAccessible(anna.page, 'typing');
  await ben.say('보고 있어요');
  await anna.sees('보고 있어요');
  await expect(typing(anna)).toBeHidden();
  // nothing more comes of cara: it ends by itself
  await typeUntilSeen(cara, [anna]);
  await expect(typing(anna)).toBeHidden();
}

test('three people see who has read and who types, as far as the administrator lets them', async ({
  maru,
  open,
}) => {
  const people = await threePeople(open, maru.setUpCode);
  await people.anna.startWith([bob, carol], room);
  await readAndCount(people, maru.lanUrl);
  for (const person of [people.ben, people.cara]) await person.page.goto(maru.lanUrl);
  await typeAtEachOther(people);
});

test('a status is set with its end and seen everywhere, and who goes was there a moment ago', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  const header = anna.page.locator('.head__subtitle');
  await expect(header).toContainText(anna.t('rooms.online'));

  await ben.page.getByRole('button', { name: ben.t('profile.open') }).click();
  const dialog = ben.page.getByRole('dialog', { name: ben.t('profile.title') });
  await dialog.getByRole('button', { name: ben.t('status.preset.vacation'), exact: true }).click();
  await dialog.getByRole('radio', { name: ben.t('status.end.today'), exact: true }).click();
  await expectAccessible(ben.page, 'status');
  await dialog.getByRole('button', { name: ben.t('status.set'), exact: true }).click();
  const status = ben.t('status.preset.vacation');
  const now = dialog.locator('.status__now');
  // until today; in the last minute of a day, until tomorrow
  await expect(now).toHaveText(new RegExp(`^${status} \\(.+\\)$`));
  const full = await now.innerText();
  await expect(header).toContainText(full);
  const list = anna.page.getByRole('navigation', { name: anna.t('shell.rooms') });
  await expect(list.locator('.room__status')).toHaveText(status);
  await expect(anna.page.locator('.member', { hasText: bob.displayName })).toContainText(full);
  await expectAccessible(anna.page, 'a status of somebody else');
  await dialog.getByRole('button', { name: ben.t('status.clear'), exact: true }).click();
  await expect(now).toHaveText(ben.t('status.none'));
  await expect(list.locator('.room__status')).toBeHidden();

  await ben.page.goto('about:blank');
  // a few minutes at most, however busy this machine is
  const minutes = [2, 3, 4, 5].map((count) => anna.t('presence.minutesAgo', { count }));
  const seen = new RegExp([anna.t('presence.justNow'), ...minutes].join('|'));
  await expect(header).toContainText(seen);
  await anna.page.reload();
  // asked of the server, which remembers
  await expect(header).toContainText(seen);
});

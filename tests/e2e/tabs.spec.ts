/** Several tabs of one person share the session, the outbox, drafts and the sign-out. */
import { alice, bob, carol, expect, personAt, test } from './office.ts';

test('two tabs show the same, send each message once and sign out together', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  const second = personAt(await anna.page.context().newPage(), alice, 'ko');
  await second.page.goto(maru.lanUrl);
  await second.openRoom(bob.displayName);

  await anna.say('첫 탭에서');
  await second.sees('첫 탭에서');
  await second.say('둘째 탭에서');
  await anna.sees('둘째 탭에서');
  await ben.openRoom(alice.displayName);
  await ben.sees('둘째 탭에서');

  await maru.kill();
  await anna.say('끊긴 동안 하나');
  await second.say('끊긴 동안 둘');
  await maru.start();
  for (const text of ['끊긴 동안 하나', '끊긴 동안 둘']) {
    await ben.sees(text);
    await expect(ben.message(text)).toHaveCount(1);
    await expect(anna.message(text)).toHaveCount(1);
    await expect(second.message(text)).toHaveCount(1);
  }
  // the tab that wrote a message may close before it is sent: the other one sends it
  await maru.kill();
  await anna.say('닫힌 탭의 글');
  // shown once it is stored, which a loaded machine may need a moment for after the box is empty
  await anna.sees('닫힌 탭의 글');
  await anna.page.close();
  await maru.start();
  await ben.sees('닫힌 탭의 글');
  await expect(second.message('닫힌 탭의 글')).toHaveCount(1);
});

test('a draft stays in its room across rooms, tabs and reloads', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  const cara = await open(carol);
  await cara.signUp();
  await anna.startWith([bob]);
  await anna.startWith([bob, carol], '셋의 방');
  await anna.composer().fill('쓰다 만 글');
  await anna.openRoom(bob.displayName);
  await expect(anna.composer()).toHaveValue('');
  await anna.openRoom('셋의 방');
  await expect(anna.composer()).toHaveValue('쓰다 만 글');
  await anna.page.reload();
  await anna.openRoom('셋의 방');
  await expect(anna.composer()).toHaveValue('쓰다 만 글');
});

/** A server that lies about keys and people (docs/e2e-protocol.md section 11): each lie is refused or shown, and none is rewarded. */
import type { Locator } from '@playwright/test';
import { randomB64, randomUid } from '../../server/testing/people.ts';
import { digitsToReadOut, forgeEpoch, groundDigits, makeIdentity } from './attacker.ts';
import type { ForgedEpoch } from './attacker.ts';
import {
  confess,
  expect,
  ghostPerson,
  givenAway,
  lieAboutPerson,
  namesOf,
  test,
  tellRoom,
} from './deceived-office.ts';
import {
  expectHeld,
  expectRefused,
  expectWorking,
  notices,
  openWorkingRoom,
  seesDetails,
  storedRow,
  titleOf,
} from './deceived-room.ts';

test('records that nobody of the room could have made are refused, each with its reason', async ({
  office,
}) => {
  const { alice, bob, mallory, server, identitiesOf } = office;
  const roomUid = await openWorkingRoom(office, '위조된 기록', [mallory.identity.userUid]);
  const first = bob.room(roomUid);
  const [anna, ben] = await identitiesOf(alice.userUid, bob.userUid);
  if (anna === undefined || ben === undefined) throw new Error('two people without keys');
  const insider = mallory.identity;
  const ghost = makeIdentity();
  const present = [anna, ben, insider];
  const secondKey = makeIdentity(bob.userUid);
  const afterReset = makeIdentity(bob.userUid, 2);
  const mine = makeIdentity(alice.userUid);
  const forAll = { roomUid, type: 'group', previous: { epoch: 1, hash: first.epochHash } } as const;
  const otherRoom = { ...forAll, roomUid: randomUid() };
  // the operator has keys of nobody but mallory, whose record would be taken if it were an honest one
  const forged: [code: string, epoch: ForgedEpoch][] = [
    ['CREATOR_NOT_MEMBER', forgeEpoch({ ...forAll, creator: ghost, people: [...present, ghost] })],
    [
      'BAD_SIGNATURE',
      forgeEpoch({ ...forAll, creator: { ...secondKey, ...ben }, people: [...present, ghost] }),
    ],
    ['MALFORMED', forgeEpoch({ ...forAll, creator: insider, people: [...present, afterReset] })],
    ['PIN_CONFLICT', forgeEpoch({ ...forAll, creator: insider, people: [anna, secondKey, insider] })],
    ['OWN_KEY', forgeEpoch({ ...forAll, creator: insider, people: [mine, ben, insider] })],
    ['WRONG_ROOM', forgeEpoch({ ...otherRoom, creator: insider, people: present })],
    ['NEW_CHAIN', forgeEpoch({ ...forAll, creator: insider, people: present, isNewChain: true })],
    ['FORK', forgeEpoch({ ...forAll, creator: insider, people: present, previous: undefined })],
    [
      'CREATOR_NOT_MEMBER',
      forgeEpoch({ ...forAll, creator: afterReset, people: [anna, afterReset, insider] }),
    ],
  ];
  const published = [ghost, secondKey, afterReset, mine].map(({ row }) => row);
  server.changes('identity:get', ({ statements }) => ({ statements: [...published, ...statements] }));
  let room = first;
  for (const [code, epoch] of forged) {
    const row = epoch.rowFor(alice.userUid);
    server.changes('epoch:list', ({ epochs }) => ({
      epochs: [...epochs.filter((one) => one.epoch !== row.epoch), row],
      newest: row.epoch,
    }));
    room = tellRoom(server, room, { epoch: row.epoch, epochHash: row.hash });
    await test.step(code, () => expectRefused(office, code, '위조된 열쇠로는 보내지 않습니다'));
  }
  await expectWorking(office, roomUid, '위조된 열쇠로는 보내지 않습니다');
});

test('a ghost among the members stops the room until he is gone', async ({ office }) => {
  const { alice, bob, server } = office;
  const { page, t } = alice;
  const roomUid = await openWorkingRoom(office, '유령 멤버', []);
  const room = bob.room(roomUid);
  const ghost = makeIdentity();
  const [self] = room.members;
  if (self === undefined) throw new Error('a room without members');
  server.changes('identity:get', ({ statements }) => ({ statements: [...statements, ghost.row] }));
  server.changes('people:get', ({ people }) => ({
    people: [...people, ghostPerson(ghost.userUid, '새 동료')],
  }));
  tellRoom(server, room, { members: [...room.members, { ...self, userUid: ghost.userUid }] });
  await expect(page.locator('.composer__note')).toHaveText(t('failure.MEMBERS_DIFFER'));
  await alice.say('유령 앞에서는 말하지 않습니다');
  await expect(page.locator('.message__why')).toContainText(t('failure.MEMBERS_DIFFER'));
  await seesDetails(alice);
  const row = page.locator('.member').filter({ hasText: '새 동료' });
  await expect(row).toContainText(t('details.pending'));
  await expect(page.locator('.details__hold')).toContainText(t('failure.MEMBERS_DIFFER'));
  expect(givenAway(server)).toEqual([]);

  server.repent();
  server.cut();
  await bob.reads(roomUid, '유령 앞에서는 말하지 않습니다');
  expect(givenAway(server)).toEqual([{ name: 'message:send', to: [] }]);
});

test('an old epoch is not taken for the present one, and nobody who was removed gets a key', async ({
  office,
}) => {
  const { alice, bob, carol, server } = office;
  const roomUid = await openWorkingRoom(office, '지난 열쇠', [carol.userUid]);
  const before = bob.room(roomUid);
  await bob.kicks(roomUid, carol.userUid);
  await expect(alice.page.locator('.membership').last()).toHaveText(
    alice.t('chat.removed', { people: '박캐롤' }),
  );
  const { rev } = bob.room(roomUid);
  const { epoch, epochHash, members } = before;
  tellRoom(server, { ...before, rev }, { epoch, epochHash, members });
  await expectHeld(office, 'BEHIND_WATERMARK', '캐롤은 이제 읽지 못합니다');
  // the server is offered the record that it denies, for the people whom that names
  await expect.poll(() => namesOf(givenAway(server))).toEqual(['room:restore']);
  expect(new Set(givenAway(server).flatMap(({ to }) => to))).toEqual(new Set([alice.userUid, bob.userUid]));
  await expectWorking(office, roomUid, '캐롤은 이제 읽지 못합니다');
});

test('keys:wanted gives a stranger nothing', async ({ office }) => {
  const { alice, bob, carol, mallory, server } = office;
  const stranger = mallory.identity;
  const title = titleOf('지난 이야기');
  const roomUid = await bob.makeRoom(title, [alice.userUid, carol.userUid], true);
  const ghost = makeIdentity();
  server.changes('identity:get', ({ statements }) => ({ statements: [...statements, ghost.row] }));
  server.invents('keys:wanted', () => ({
    missing: [stranger, ghost, carol].map(({ userUid }) => ({ roomUid, userUid, version: 1, epoch: 1 })),
    next: null,
  }));
  await alice.openRoom(title);
  // carol is named by the record, so she may have the key: alice's page answers what it was asked
  await expect.poll(() => server.inputs('keys:share').length).toBeGreaterThan(0);

  // nor does the claim help that he is a member
  const room = bob.room(roomUid);
  const [self] = room.members;
  if (self === undefined) throw new Error('a room without members');
  tellRoom(server, room, { members: [...room.members, { ...self, userUid: stranger.userUid }] });
  await expect(alice.page.locator('.composer__note')).toHaveText(alice.t('failure.MEMBERS_DIFFER'));
  await alice.say('낯선 사람은 못 봅니다');
  await expect(alice.page.locator('.message__why')).toContainText(alice.t('failure.MEMBERS_DIFFER'));
  expect(server.inputs('message:send')).toEqual([]);
  server.repent();
  server.cut();
  await bob.reads(roomUid, '낯선 사람은 못 봅니다');
  const given = givenAway(server);
  expect(given.filter(({ name }) => name !== 'keys:share')).toEqual([{ name: 'message:send', to: [] }]);
  expect(new Set(given.flatMap(({ to }) => to))).toEqual(new Set([carol.userUid]));
});

test('a colleague with another key is not let into new conversations', async ({ office }) => {
  const { alice, bob, mallory, server, identitiesOf } = office;
  const { page, t } = alice;
  // alice has met bob before
  await openWorkingRoom(office, '처음 만남', []);
  const [anna] = await identitiesOf(alice.userUid);
  if (anna === undefined) throw new Error('alice has no keys');
  const secondKey = makeIdentity(bob.userUid);
  const later = makeIdentity(bob.userUid, 2);
  server.changes('identity:get', ({ statements }) => ({
    statements: [secondKey.row, later.row, ...statements.filter(({ userUid }) => userUid !== bob.userUid)],
  }));

  for (const [code, key] of [
    ['PIN_CONFLICT', secondKey],
    ['UNCONFIRMED_VERSION', later],
  ] as const) {
    const title = titleOf('초대받은 대화');
    const roomUid = randomUid();
    const epoch = forgeEpoch({
      roomUid,
      type: 'group',
      creator: mallory.identity,
      people: [anna, key, mallory.identity],
    });
    const row = epoch.rowFor(alice.userUid);
    server.invents('epoch:list', (input) =>
      input.roomUid === roomUid ? { epochs: [row], newest: 1 } : undefined,
    );
    const present = bob.room(await bob.makeRoom(title, [mallory.identity.userUid]));
    const [self] = present.members;
    if (self === undefined) throw new Error('a room without members');
    const uids = [alice.userUid, bob.userUid, mallory.identity.userUid];
    const members = uids.map((userUid) => ({ ...self, userUid }));
    server.tells('room:joined', {
      room: { ...present, roomUid, epochHash: row.hash, members },
      lastMessage: null,
    });
    await alice.openRoom(title);
    await expectRefused(office, code, '밥 님 맞으세요?');
  }

  // and alice herself cannot begin one with him
  await page
    .getByRole('button', { name: t('rooms.new'), exact: true })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('create.find')).fill('bob');
  await dialog.getByRole('option', { name: '이밥' }).click();
  await dialog.getByRole('button', { name: t('create.start'), exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText(t('failure.PIN_CONFLICT'));
  expect(givenAway(server)).toEqual([]);
  await page.keyboard.press('Escape');

  await confess(office);
});

test('exchanged names and titles are shown before anything is written', async ({ office }) => {
  const { alice, bob, mallory, server } = office;
  const { page, t } = alice;
  const roomUid = await openWorkingRoom(office, '임원 회의', [mallory.identity.userUid]);
  const { title } = bob.room(roomUid);
  const lunch = bob.room(await openWorkingRoom(office, '점심 모임', [])).title;
  await alice.openRoom(title);
  const { people } = await mallory.client.ask('people:get', {
    userUids: [bob.userUid, mallory.identity.userUid],
  });
  const [ben, eve] = [bob.userUid, mallory.identity.userUid].map((uid) =>
    people.find(({ userUid }) => userUid === uid),
  );
  if (ben === undefined || eve === undefined) throw new Error('two people whom nobody knows');
  lieAboutPerson(server, ben, { displayName: eve.displayName });
  lieAboutPerson(server, eve, { displayName: ben.displayName });
  const renamed = (person: typeof ben): Locator =>
    notices(page).filter({
      hasText: t('chat.sameNameWarning', { name: person.displayName, username: '' }).split('(')[0] ?? '',
    });
  await expect(renamed(ben)).toBeVisible();
  await expect(renamed(eve)).toBeVisible();
  tellRoom(server, bob.room(roomUid), { title: lunch });
  await expect(
    notices(page).filter({ hasText: t('chat.retitledWarning', { before: title, title: lunch }) }),
  ).toBeVisible();
  await bob.showUp();
  await mallory.client.ask('account:update', { statusText: '자리에 있습니다' });
  await expectWorking(office, roomUid, '이름이 돌아왔습니다');
});

test('a reset that nobody made gets no key, by no rekey and by no digits', async ({ office }) => {
  const { alice, bob, carol, mallory, server, identitiesOf } = office;
  const { page, t } = alice;
  const roomUid = await openWorkingRoom(office, '거짓 재설정', [carol.userUid]);
  const [anna, ben] = await identitiesOf(alice.userUid, bob.userUid);
  const [honest] = (await mallory.client.ask('identity:get', { people: [carol] })).statements;
  const [person] = (await mallory.client.ask('people:get', { userUids: [carol.userUid] })).people;
  if (anna === undefined || ben === undefined || honest === undefined || person === undefined)
    throw new Error('people without keys');
  const reset = makeIdentity(carol.userUid, 2);
  const { userUid } = carol;
  server.changes('identity:get', ({ statements }) => ({ statements: [reset.row, ...statements] }));
  const successions = [{ userUid, fromVersion: 1, toVersion: 2, signature: reset.row.signature }];
  server.invents('identity:successions', () => ({ successions }));
  server.invents('keys:wanted', () => ({
    missing: [{ roomUid, userUid, version: 2, epoch: 1 }],
    next: null,
  }));
  server.forget();
  lieAboutPerson(server, person, { identityVersion: 2 });
  server.tells('identity:succeeded', { successions });
  server.tells('keys:missing', { roomUid });
  const changed = notices(page).filter({ hasText: t('trust.changedLine', { name: '박캐롤' }) });
  await expect(changed).toBeVisible();

  await expect.poll(() => server.inputs('keys:wanted').some((input) => input.roomUid === roomUid)).toBe(true);
  await test.step('her earlier key stays the one that is written to', async () => {
    await alice.say('예전 열쇠로 이어갑니다');
    await carol.reads(roomUid, '예전 열쇠로 이어갑니다');
    await expect(storedRow(alice, '예전 열쇠로 이어갑니다')).toBeVisible();
    expect(givenAway(server)).toEqual([{ name: 'message:send', to: [] }]);
  });
  await test.step('neither what she reads out nor ground digits confirm it', async () => {
    await changed.getByRole('button', { name: t('trust.changedAction') }).click();
    const dialog = page.getByRole('dialog');
    const box = dialog.getByLabel(t('trust.digitsTyped'));
    for (const digits of [digitsToReadOut({ userUid, row: honest }), groundDigits(reset)]) {
      await box.fill(digits);
      await dialog.getByRole('button', { name: t('trust.digitsConfirm'), exact: true }).click();
      await expect(dialog.getByText(t('trust.digitsMaking'))).toBeHidden();
      await expect(dialog.getByText(t('trust.digitsWrong'))).toBeVisible();
    }
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });
  await test.step('nor does a rekey in her name', async () => {
    const { epochHash: hash, ...rest } = carol.room(roomUid);
    const previous = { epoch: 1, hash };
    const epoch = forgeEpoch({
      roomUid,
      type: 'group',
      creator: reset,
      people: [anna, ben, reset],
      previous,
    }).rowFor(alice.userUid);
    server.changes('epoch:list', ({ epochs }) => ({ epochs: [...epochs, epoch], newest: 2 }));
    server.forget();
    tellRoom(server, { ...rest, epochHash: hash }, { epoch: 2, epochHash: epoch.hash });
    await expectRefused(office, 'CREATOR_NOT_MEMBER', '캐롤이 아닙니다');
  });
  await carol.showUp();
  await expectWorking(office, roomUid, '캐롤이 아닙니다');
  await carol.reads(roomUid, '캐롤이 아닙니다');
});

test('a withheld key, or a false one, is missed in words and replaced by a new epoch for the same people', async ({
  office,
}) => {
  const { alice, bob, server } = office;
  const { page, t } = alice;
  // a sender waits ten seconds for a key before making the next epoch
  await page.clock.install();
  for (const [code, name, wrap] of [
    ['KEY_MISSING', '없는 열쇠', null],
    ['KEY_BAD', '틀린 열쇠', randomB64(160)],
  ] as const) {
    const title = titleOf(name);
    server.forget();
    server.changes('epoch:list', ({ epochs, newest }) => ({
      // nor does it give what it has put aside: the good key is there, once a false one was reported
      epochs: epochs.map((row) => (row.epoch === 1 ? { ...row, wrap, otherWraps: [] } : row)),
      newest,
    }));
    const roomUid = await bob.makeRoom(title, [alice.userUid]);
    await alice.openRoom(title);
    await expect(page.locator('.composer__note')).toHaveText(t('chat.blockedWaiting'));
    await alice.say(`${title} 대신 새 열쇠로`);
    await expect(page.locator('.message__why')).toContainText(t(`failure.${code}`));
    expect(givenAway(server)).toEqual([]);
    await page.clock.fastForward(10_000);
    await bob.reads(roomUid, `${title} 대신 새 열쇠로`);
    const [rekey, ...sent] = givenAway(server);
    expect(rekey?.name).toBe('room:rekey');
    expect(new Set(rekey?.to)).toEqual(new Set([alice.userUid, bob.userUid]));
    expect(sent).toEqual([{ name: 'message:send', to: [] }]);
    expect(server.inputs('message:send')[0]?.envelope).toMatch(/^m1\.2\./);
  }
});

/**
 * A server that lies about what was written, and about what it remembers (docs/e2e-protocol.md section 11): rows, vaults, restores,
 * the parameters of a sign-in.
 */
import type { Locator } from '@playwright/test';
import type { Vault } from '#contract/accounts.ts';
import type { Message } from '#contract/messages.ts';
import { randomB64, randomUid } from '../../server/testing/people.ts';
import { encodeBase64 } from '../../static/crypto/encoding.ts';
import { entryIn, forgeMessage, keyOf, makeIdentity, openBySheet } from './attacker.ts';
import { expect, givenAway, namesOf, reload, test } from './deceived-office.ts';
import type { Office } from './deceived-office.ts';
import { expectHeld, expectWorking, openWorkingRoom, titleOf } from './deceived-room.ts';
import { alice as aliceName, openBrowser } from './office.ts';

/** The row of a message on alice's screen. */
const rowOf = ({ alice }: Office, { clientId }: Pick<Message, 'clientId'>): Locator =>
  alice.page.locator(`[data-message*="${clientId}"]`);

/** Tells the page of rows that follow what it knows of a room. */
function rowTeller({ server, bob }: Office, roomUid: string) {
  let { rev, lastSeq } = bob.room(roomUid);
  return {
    /** As a new row, which it gives. */
    sends: (row: Omit<Message, 'seq' | 'rev'>): Message => {
      rev += 1;
      lastSeq += 1;
      const message = { ...row, seq: lastSeq, rev };
      server.tells('message:sent', { message });
      return message;
    },
    /** As a change of a row that is there. */
    alters: (row: Message): void => {
      rev += 1;
      server.tells('message:changed', { message: { ...row, rev } });
    },
  };
}

/** The rows of a room, as the real server has them. */
async function rowsOf({ mallory }: Office, roomUid: string): Promise<Message[]> {
  const { messages } = await mallory.client.ask('message:page', { roomUid });
  return messages;
}

test('rows that were moved, replayed, turned back or put under another name are not read', async ({
  office,
}) => {
  const { alice, bob, mallory, server } = office;
  const { t } = alice;
  const malloryUid = mallory.identity.userUid;
  const elsewhere = await openWorkingRoom(office, '다른 방', [malloryUid]);
  const roomUid = await openWorkingRoom(office, '바뀐 줄', [malloryUid]);
  await bob.says(roomUid, '계약은 안 합니다');
  await alice.sees('계약은 안 합니다');
  const [opening, refusal] = await rowsOf(office, roomUid);
  const [foreign] = await rowsOf(office, elsewhere);
  if (opening === undefined || refusal === undefined || foreign === undefined)
    throw new Error('rows are missing');
  const { epochs } = await mallory.client.ask('epoch:list', { roomUid, from: 1 });
  const [epoch] = epochs;
  if (epoch === undefined) throw new Error('no epoch');
  const key = keyOf(epoch, mallory.identity);
  const asMallory = { epoch, key, sender: mallory.identity };
  const approving = forgeMessage({ ...asMallory, text: '승인합니다' });

  const tell = rowTeller(office, roomUid);
  const renamed = { ...refusal, clientId: randomUid() };
  const moved = { ...foreign, roomUid };
  const otherSender = { ...approving, clientId: randomUid(), senderUid: bob.userUid };
  // a member has the key of the room, and nobody else's signature
  const forged = forgeMessage({
    ...asMallory,
    sender: { ...mallory.identity, entry: entryIn(epoch, bob.userUid), userUid: bob.userUid },
    text: '승인합니다',
  });
  const answering = forgeMessage({
    ...asMallory,
    text: '좋습니다',
    target: `${refusal.senderUid}.${refusal.clientId}`,
  });
  const otherTarget = { ...answering, target: `${opening.senderUid}.${opening.clientId}` };
  for (const [what, row] of Object.entries({ renamed, moved, otherSender, forged, otherTarget })) {
    await test.step(what, async () => {
      tell.sends(row);
      await expect(rowOf(office, row)).toContainText(t('chat.tampered'));
    });
  }
  await expect(alice.message('승인합니다')).toHaveCount(0);
  await expect(alice.message('좋습니다')).toHaveCount(0);

  let approved: Message;
  await test.step('a row told twice', async () => {
    tell.sends(refusal);
    approved = tell.sends(approving);
    // what came after it is there, and it is there once
    await alice.sees('승인합니다');
    await expect(alice.message('계약은 안 합니다')).toHaveCount(1);
  });
  await test.step('a row turned back to what it said before it was edited', async () => {
    const { clientId } = approving;
    const { envelope } = forgeMessage({ ...asMallory, text: '취소합니다', n: 1, clientId });
    tell.alters({ ...approved, envelope, n: 1, editedAt: Date.now() });
    await alice.sees('취소합니다');
    tell.alters(approved);
    await expect(rowOf(office, approving)).toContainText(t('chat.tampered'));
    await expect(alice.message('승인합니다')).toHaveCount(0);
  });
  expect(givenAway(server)).toEqual([]);
  await expectWorking(office, roomUid, '바뀐 줄은 읽지 않았습니다');
  await alice.sees('계약은 안 합니다');
  await expect(alice.page.locator('.message--unreadable')).toHaveCount(0);
});

test('what somebody who was removed still seals with the old key is not read', async ({ office }) => {
  const { alice, bob, mallory, server } = office;
  const roomUid = await openWorkingRoom(office, '떠난 사람', [mallory.identity.userUid]);
  const { epochs } = await mallory.client.ask('epoch:list', { roomUid, from: 1 });
  const [epoch] = epochs;
  if (epoch === undefined) throw new Error('no epoch');
  const key = keyOf(epoch, mallory.identity);
  await bob.kicks(roomUid, mallory.identity.userUid);
  await expect(alice.page.locator('.membership').last()).toHaveText(
    alice.t('chat.removed', { people: '최말로' }),
  );
  const tell = rowTeller(office, roomUid);
  const late = tell.sends(forgeMessage({ epoch, key, sender: mallory.identity, text: '아직 여기 있습니다' }));
  await expect(rowOf(office, late)).toContainText(alice.t('chat.staleEpoch'));
  // nor as an edit of what was written in time
  const edit = forgeMessage({ epoch, key, sender: mallory.identity, text: '고쳐 씁니다', n: 1 });
  const edited = tell.sends({ ...edit, editedAt: Date.now() });
  await expect(rowOf(office, edited)).toContainText(alice.t('chat.staleEpoch'));
  await expect(alice.message('아직 여기 있습니다')).toHaveCount(0);
  expect(givenAway(server)).toEqual([]);
  await expectWorking(office, roomUid, '떠난 사람은 못 읽습니다');
  expect(server.inputs('message:send').at(-1)?.envelope).toMatch(/^m1\.2\./);
});

test('a server that says it was restored does not bring back who was removed', async ({ office }) => {
  const { alice, bob, carol, server } = office;
  const { page, t } = alice;
  const roomUid = await openWorkingRoom(office, '거짓 복원', [carol.userUid]);
  const before = bob.room(roomUid);
  await bob.kicks(roomUid, carol.userUid);
  await expect(page.locator('.membership').last()).toHaveText(t('chat.removed', { people: '박캐롤' }));
  await alice.say('캐롤이 나간 뒤입니다');
  await bob.reads(roomUid, '캐롤이 나간 뒤입니다');
  server.forget();
  server.changes('session:sync', (answer, input) => ({
    ...answer,
    generation: 'restored',
    isCacheStale: input.generation !== 'restored',
    rooms: [{ room: before, lastMessage: null }],
    changes: [],
  }));
  server.changes('server:info', (answer) => ({ ...answer, generation: 'restored' }));
  server.changes('restore:get', () => ({ restoredAt: Date.now() }));
  server.changes('room:changes', (answer) => ({ ...answer, room: null, messages: [] }));
  server.changes('epoch:list', ({ epochs }) => ({
    epochs: epochs.filter((row) => row.epoch === 1),
    newest: 1,
  }));
  // it takes what it is given, and goes on as before
  server.invents('room:restore', () => ({ room: before }));
  await reload(alice);
  await alice.openRoom(before.title);
  await expectHeld(office, 'BEHIND_WATERMARK', '캐롤은 돌아오지 않습니다');
  // asked for when the room was found to be behind, which the words on screen do not wait for
  await expect.poll(() => namesOf(givenAway(server))).toEqual(['room:restore']);
  const wrappedFor = server
    .inputs('room:restore')
    .filter((input) => input.roomUid === roomUid)
    .flatMap(({ epochs }) => epochs.slice(-1))
    .flatMap(({ wraps }) => wraps.map(({ userUid }) => userUid));
  expect(new Set(wrappedFor)).toEqual(new Set([alice.userUid, bob.userUid]));
  await expectWorking(office, roomUid, '캐롤은 돌아오지 않습니다');
});

test('an offered scan key is given no key of a file, and is asked for by nobody', async ({ office }) => {
  const { bob, server } = office;
  const scanKey = { scanKey: encodeBase64(makeIdentity().x25519) };
  server.changes('server:info', (answer) => ({ ...answer, ...scanKey }));
  server.changes('config:get', (answer) => ({ ...answer, ...scanKey }));
  await reload(office.alice);
  const roomUid = await openWorkingRoom(office, '검사 열쇠', []);
  await office.alice.say('검사 열쇠는 받지 않습니다');
  await bob.reads(roomUid, '검사 열쇠는 받지 않습니다');
  expect(givenAway(server)).toEqual([{ name: 'message:send', to: [] }]);
  expect(JSON.stringify(server.asked())).not.toMatch(/"\w*scan\w*":/i);
});

test('a new password wraps for the sheet and for no key of the server’s, and an older vault is not opened', async ({
  office,
}) => {
  const { alice, server } = office;
  const { page, t, userUid } = alice;
  const key = encodeBase64(makeIdentity().x25519);
  const offered = { recovery: key, recoveryKey: key };
  let older: Vault | null = null;
  const substituted = (vault: Vault): Vault => {
    older ??= vault;
    return { ...vault, ...offered, recoveryWrap: randomB64(160) };
  };
  server.changes('session:resume', (answer) => ({ ...answer, vault: substituted(answer.vault) }));
  server.changes('vault:get', substituted);
  await reload(alice);
  await page.getByRole('button', { name: t('profile.open') }).click();
  await page.getByRole('tab', { name: t('profile.tabSecurity') }).click();
  await page.getByRole('button', { name: t('password.change'), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: t('password.change') });
  const before = alice.password;
  const next = `${before} 다음`;
  await dialog.getByLabel(t('password.current'), { exact: true }).fill(before);
  await dialog.getByLabel(t('password.next'), { exact: true }).fill(next);
  await dialog.getByLabel(t('password.nextRepeat'), { exact: true }).fill(next);
  await dialog.getByRole('button', { name: t('password.change'), exact: true }).click();
  await expect(dialog).toBeHidden();
  alice.password = next;
  const [changed] = server.inputs('account:change-password');
  if (changed === undefined || older === null) throw new Error('no vault was replaced');
  // the sheet of her sign-up opens it still
  expect(openBySheet(alice.sheet, userUid, changed.recoveryWrap)).toHaveLength(64);

  server.repent();
  const oldVault: Vault = older;
  server.changes('session:resume', (answer) => ({ ...answer, vault: oldVault }));
  server.forget();
  await page.reload();
  await expect(page.getByRole('heading', { name: t('signIn.locked') })).toBeVisible();
  // the password that opens the older vault
  await page.getByLabel(t('signIn.password'), { exact: true }).fill(before);
  await page.getByRole('button', { name: t('signIn.unlock'), exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toContainText(t('failure.VAULT_OLDER'));
  expect(server.asked().filter(({ name }) => name.startsWith('vault:'))).toEqual([]);
  const roomUid = await office.bob.makeRoom(titleOf('새 비밀번호'), [userUid]);
  await expectWorking(office, roomUid, '새 열쇠 상자로 씁니다');
});

test('weak parameters are not answered, and foreign keys are not opened, when somebody signs in', async ({
  office,
  browser,
}) => {
  const { alice, maru, server } = office;
  const other = await openBrowser(browser, maru, aliceName, { url: server.lanUrl });
  const { page, t } = other;
  const problem = page.getByRole('alert').filter({ hasText: /./ });
  server.forget();
  server.changes('account:prelogin', (answer) => ({
    ...answer,
    kdf: { memoryKiB: 8, iterations: 1, parallelism: 1 },
  }));
  await page.getByLabel(t('signIn.username'), { exact: true }).fill(aliceName.username);
  await page.getByLabel(t('signIn.password'), { exact: true }).fill(alice.password);
  await page.getByRole('button', { name: t('signIn.submit'), exact: true }).click();
  await expect(problem).toContainText(t('failure.WEAK_KDF'));
  // no proof of the password was made under them
  expect(server.inputs('account:prelogin')).toHaveLength(1);
  expect(JSON.stringify(server.asked())).not.toContain('authKey');

  server.repent();
  const foreign = makeIdentity(alice.userUid);
  server.changes('identity:get', ({ statements }) => ({
    statements: statements.map((row) => (row.userUid === alice.userUid ? foreign.row : row)),
  }));
  await page.getByRole('button', { name: t('signIn.submit'), exact: true }).click();
  await expect(problem).toContainText(t('failure.IDENTITY_MISMATCH'));
  await expect.poll(() => server.inputs('account:logout').length).toBe(1);

  server.repent();
  await page.getByRole('button', { name: t('signIn.submit'), exact: true }).click();
  await expect(page.getByRole('navigation', { name: t('shell.rooms') })).toBeVisible();
  await page.context().close();
});

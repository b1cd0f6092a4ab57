import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { limits } from '#contract/limits.ts';
import type { Answer } from '#contract/request.ts';
import { memoFor } from '../../testing/memos.ts';
import { createPerson, randomB64, randomUid } from '../../testing/people.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);
const hourMs = 60 * 60_000;

describe('memos', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let carol: TestClient;
  let dave: TestClient;
  before(async () => {
    server = await startTestServer({ isClockStill: true });
    alice = await server.connectAs('alice');
    bob = await server.connectAs('bob');
    carol = await server.connectAs('carol');
    dave = await server.connectAs('dave');
  });
  after(() => server.stop());

  /** A memo of alice's that both have got. */
  async function send(...readers: TestClient[]) {
    const input = memoFor(
      alice.person,
      readers.map(({ person }) => person),
    );
    await alice.ask('memo:send', input);
    for (const reader of readers) await received(reader, input.memoUid);
    return input;
  }

  const received = (reader: TestClient, memoUid: string) =>
    reader.next('memo:received', (event) => event.memoUid === memoUid);
  const changed = (client: TestClient, memoUid: string) =>
    client.next('memo:changed', (event) => event.memoUid === memoUid);
  const inboxOf = async (client: TestClient) => (await client.ask('memo:list', { box: 'inbox' })).memos;
  const unreadOf = async (client: TestClient) => (await client.ask('session:sync', {})).unreadMemos;

  test('reaches all its readers and nobody else, unopened and without content, once however often it is sent', async () => {
    const input = memoFor(alice.person, [bob.person, carol.person]);
    const [first, second] = await Promise.all([alice.ask('memo:send', input), alice.ask('memo:send', input)]);
    assert.deepEqual(second, first);
    assert.deepEqual(first.memo.counts, { readers: 2, read: 0, recalled: 0 });
    for (const reader of [bob, carol]) {
      const event = await received(reader, input.memoUid);
      assert.deepEqual([event.senderUid, event.unread], [alice.userUid, await unreadOf(reader)]);
      const memos = (await inboxOf(reader)).filter(({ memoUid }) => memoUid === input.memoUid);
      assert.equal(memos.length, 1);
      assert.deepEqual(
        [memos[0]?.sender, memos[0]?.body, memos[0]?.wrap, memos[0]?.readAt, memos[0]?.wrapFor],
        [alice.person.entry, null, null, null, reader.person.entry],
      );
    }
    assert.deepEqual(await inboxOf(dave), []);
    await dave.ask('account:me', {});
    assert.deepEqual([dave.received('memo:received'), dave.received('memo:changed')], [[], []]);
    const sent = await alice.http('GET', '/api/memos?box=sent');
    const [newest] = (sent.body as { memos: { memoUid: string; body: string }[] }).memos;
    assert.deepEqual([newest?.memoUid, newest?.body], [input.memoUid, input.body]);
  });

  test('is opened once: its content comes, the sender learns when, the reader’s other browsers know', async () => {
    const phone = await server.connectAs('bob');
    const input = await send(bob, carol);
    server.clock.advance(5_000);
    const unreadBefore = await unreadOf(bob);
    const { memo, unread } = await bob.ask('memo:read', { memoUid: input.memoUid });
    const wrap = input.readers.find(({ entry }) => entry === bob.person.entry)?.wrap;
    assert.deepEqual([memo.body, memo.wrap, unread], [input.body, wrap, unreadBefore - 1]);
    const readAt = server.clock.now();
    const news = await alice.next('memo:changed', (event) => event.receipt?.userUid === bob.userUid);
    const receipt = { userUid: bob.userUid, entry: bob.person.entry, readAt, recalledAt: null };
    assert.deepEqual(news.receipt, receipt);
    assert.equal((await changed(phone, input.memoUid)).unread, unread);
    server.clock.advance(5_000);
    const again = await bob.http('POST', `/api/memos/${input.memoUid}/read`);
    assert.deepEqual(again.body, { memo, unread });
    const { receipts, memo: sent } = await alice.ask('memo:get', { memoUid: input.memoUid });
    const readAtByUid = new Map(receipts?.map(({ userUid, readAt: at }) => [userUid, at]));
    assert.deepEqual(
      [readAtByUid.size, readAtByUid.get(bob.userUid), readAtByUid.get(carol.userUid)],
      [2, readAt, null],
    );
    assert.deepEqual(sent.counts, { readers: 2, read: 1, recalled: 0 });
    const theirs = await bob.ask('memo:get', { memoUid: input.memoUid });
    assert.equal(theirs.receipts, null, 'who else opened it is the sender’s to know');
    phone.close();
  });

  test('is taken back from those who have not opened it, and leaves a trace', async () => {
    const input = await send(bob, carol);
    const { memoUid } = input;
    await bob.ask('memo:read', { memoUid });
    const unreadBefore = await unreadOf(carol);
    const { memo } = await alice.ask('memo:recall', { memoUid });
    assert.deepEqual(memo.counts, { readers: 2, read: 1, recalled: 1 });
    assert.deepEqual(memo.body, input.body, 'the sender keeps what was written');
    assert.deepEqual(await changed(carol, memoUid), { memoUid, unread: unreadBefore - 1 });
    const [trace] = (await inboxOf(carol)).filter((row) => row.memoUid === memoUid);
    assert.deepEqual([trace?.body, trace?.wrap, trace?.recalledAt], [null, null, server.clock.now()]);
    assert.equal(codeOf(await carol.call('memo:read', { memoUid })), 'MEMO_RECALLED');
    assert.equal((await bob.ask('memo:get', { memoUid })).memo.body, input.body);
    assert.deepEqual((await alice.ask('memo:recall', { memoUid })).memo, memo, 'a repeat');
    assert.equal(codeOf(await bob.call('memo:recall', { memoUid })), 'FORBIDDEN');
  });

  test('opening and recalling at one moment end in one of the two', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { memoUid } = await send(bob);
      const [opened, recalled] = await Promise.all([
        bob.call('memo:read', { memoUid }),
        alice.ask('memo:recall', { memoUid }),
      ]);
      const { read, recalled: taken } = recalled.memo.counts ?? { read: 0, recalled: 0 };
      assert.equal(read + taken, 1);
      assert.equal(opened.ok, read === 1);
    }
  });

  test('is put away by each for themselves, and is gone for good with the last', async () => {
    const { memoUid } = await send(bob, carol);
    const { unread } = await bob.ask('memo:delete', { memoUid });
    assert.deepEqual(await changed(bob, memoUid), { memoUid, unread, isGone: true });
    assert.equal(codeOf(await bob.call('memo:get', { memoUid })), 'NOT_FOUND');
    assert.equal(unread, await unreadOf(bob));
    const { receipts } = await alice.ask('memo:get', { memoUid });
    assert.equal(receipts?.find(({ userUid }) => userUid === bob.userUid)?.readAt, null);
    const answer = await alice.http('DELETE', `/api/memos/${memoUid}`);
    assert.equal(answer.status, 200);
    assert.equal(codeOf(await alice.call('memo:get', { memoUid })), 'NOT_FOUND');
    assert.notEqual((await carol.ask('memo:read', { memoUid })).memo.body, null);
    await carol.ask('memo:delete', { memoUid });
    // nothing of it is left, so that the uid is free again
    const again = { ...memoFor(bob.person, [carol.person]), memoUid };
    assert.equal((await bob.ask('memo:send', again)).memo.senderUid, bob.userUid);
  });

  test('to an outsider there is none, whatever they ask', async () => {
    const { memoUid } = await send(bob);
    const entry = dave.person.entry;
    for (const answer of [
      await dave.call('memo:get', { memoUid }),
      await dave.call('memo:read', { memoUid }),
      await dave.call('memo:recall', { memoUid }),
      await dave.call('memo:delete', { memoUid }),
      await dave.call('memo:reschedule', { memoUid, deliverAt: server.clock.now() + hourMs }),
      await dave.call('memo:share', { memoUid, entry, wrap: randomB64(160) }),
    ]) {
      assert.deepEqual(answer.ok || [answer.code, answer.field], ['NOT_FOUND', 'memoUid']);
    }
    const taken = { ...memoFor(dave.person, [bob.person]), memoUid };
    assert.equal(codeOf(await dave.call('memo:send', taken)), 'UID_TAKEN');
  });

  test('readers out of order, twice, unknown, with another key, too many, or the sender are refused', async () => {
    const good = memoFor(alice.person, [bob.person, carol.person]);
    const [first, second] = good.readers;
    assert.ok(first !== undefined && second !== undefined);
    const sendWith = (readers: { entry: string; wrap: string }[], sender = good.sender) =>
      alice.call('memo:send', { ...good, memoUid: randomUid(), sender, readers });
    const wrap = randomB64(160);
    const [uid = '', version = ''] = first.entry.split('.');
    const cases: [string, Answer<unknown>][] = [
      ['INVALID_INPUT', await sendWith([second, first])],
      ['INVALID_INPUT', await sendWith([first, first])],
      ['INVALID_INPUT', await sendWith([{ entry: alice.person.entry, wrap }])],
      ['INVALID_INPUT', await sendWith([])],
      ['INVALID_INPUT', await sendWith([first], bob.person.entry)],
      ['PERSON_UNKNOWN', await sendWith([{ entry: createPerson('x').entry, wrap }])],
      ['IDENTITY_INVALID', await sendWith([{ entry: `${uid}.${version}.${randomB64(16)}`, wrap }])],
      [
        'INVALID_INPUT',
        await sendWith(
          Array.from({ length: limits.memoReadersMax + 1 }, () => ({
            entry: `${randomUid()}.1.${randomUid()}`,
            wrap,
          })),
        ),
      ],
    ];
    for (const [index, [code, answer]] of cases.entries()) assert.equal(codeOf(answer), code, String(index));
  });

  test('a page goes on where the last one ended, newest first, also when several came at one moment', async () => {
    const uids: string[] = [];
    for (let sent = 0; sent < 5; sent += 1) uids.push((await send(dave)).memoUid);
    server.clock.advance(1);
    const { memoUid: newest } = await send(dave);
    const seen: string[] = [];
    let place: { at?: number; after?: string } = {};
    for (;;) {
      const { memos, hasMore, unread } = await dave.ask('memo:list', { box: 'inbox', limit: 2, ...place });
      assert.equal(unread, await unreadOf(dave));
      seen.push(...memos.map(({ memoUid }) => memoUid));
      const last = memos.at(-1);
      if (!hasMore || last === undefined) break;
      place = { at: last.sentAt, after: last.memoUid };
    }
    assert.equal(seen[0], newest);
    assert.deepEqual(seen.slice(1, 6).sort(), [...uids].sort());
    assert.equal(new Set(seen).size, seen.length);
  });

  test('a scheduled one is nobody’s until its time, can be moved and dropped, and then comes once', async () => {
    const deliverAt = server.clock.now() + hourMs;
    const input = { ...memoFor(alice.person, [bob.person]), deliverAt };
    const { memoUid } = input;
    const { memo } = await alice.ask('memo:send', input);
    assert.deepEqual([memo.box, memo.deliverAt], ['scheduled', deliverAt]);
    const waiting = await alice.ask('memo:list', { box: 'scheduled' });
    assert.deepEqual(
      waiting.memos.map((row) => row.memoUid),
      [memoUid],
    );
    assert.equal(codeOf(await bob.call('memo:get', { memoUid })), 'NOT_FOUND');
    assert.ok((await inboxOf(bob)).every((row) => row.memoUid !== memoUid));
    const late = { memoUid, deliverAt: server.clock.now() };
    assert.equal(codeOf(await alice.call('memo:reschedule', late)), 'MEMO_TIME_PASSED');
    const far = { memoUid, deliverAt: server.clock.now() + 400 * 24 * hourMs };
    assert.equal(codeOf(await alice.call('memo:reschedule', far)), 'MEMO_TIME_TOO_FAR');
    await alice.ask('memo:reschedule', { memoUid, deliverAt: deliverAt + hourMs });
    const dropped = { ...memoFor(alice.person, [bob.person]), deliverAt };
    await alice.ask('memo:send', dropped);
    await alice.ask('memo:delete', { memoUid: dropped.memoUid });
    server.clock.advance(hourMs + 1);
    assert.ok((await inboxOf(bob)).every((row) => row.memoUid !== memoUid));
    server.clock.advance(hourMs);
    assert.equal((await received(bob, memoUid)).sentAt, server.clock.now());
    assert.equal(codeOf(await alice.call('memo:reschedule', { memoUid, deliverAt })), 'MEMO_DELIVERED');
    assert.deepEqual((await alice.ask('memo:list', { box: 'scheduled' })).memos, []);
    assert.equal((await alice.ask('memo:list', { box: 'sent' })).memos[0]?.memoUid, memoUid);
    assert.equal(bob.received('memo:received').filter((event) => event.memoUid === memoUid).length, 0);
    assert.ok(bob.received('memo:received').every((event) => event.memoUid !== dropped.memoUid));
  });

  test('a reader’s newer key is taken from the sender alone, and no older one', async () => {
    const { memoUid } = await send(bob);
    const share = { memoUid, entry: bob.person.entry, wrap: randomB64(160) };
    assert.equal(codeOf(await bob.call('memo:share', share)), 'FORBIDDEN');
    await alice.ask('memo:share', share);
    const { memo } = await bob.ask('memo:read', { memoUid });
    assert.notEqual(memo.wrap, share.wrap, 'an existing key is never overwritten');
    const [uid = ''] = bob.person.entry.split('.');
    const newer = { ...share, entry: `${uid}.2.${randomUid()}` };
    assert.equal(codeOf(await alice.call('memo:share', newer)), 'IDENTITY_INVALID');
    const stranger = { ...share, entry: dave.person.entry };
    assert.equal(codeOf(await alice.call('memo:share', stranger)), 'NOT_FOUND');
  });

  test('a deleted account leaves what others have, and takes its own boxes and what it had scheduled', async () => {
    const leaving = await server.connectAs('leaving');
    const sent = memoFor(leaving.person, [bob.person]);
    await leaving.ask('memo:send', sent);
    await received(bob, sent.memoUid);
    const later = { ...memoFor(leaving.person, [bob.person]), deliverAt: server.clock.now() + hourMs };
    await leaving.ask('memo:send', later);
    const got = await send(leaving);
    await leaving.ask('memo:read', { memoUid: got.memoUid });
    await leaving.http('DELETE', '/api/me', { authKey: leaving.person.authKey });
    assert.equal((await bob.ask('memo:read', { memoUid: sent.memoUid })).memo.body, sent.body);
    const { receipts } = await alice.ask('memo:get', { memoUid: got.memoUid });
    assert.equal(receipts?.[0]?.readAt, server.clock.now());
    server.clock.advance(2 * hourMs);
    await bob.ask('account:me', {});
    assert.ok(bob.received('memo:received').every((event) => event.memoUid !== later.memoUid));
    const input = memoFor(alice.person, [leaving.person]);
    assert.equal(codeOf(await alice.call('memo:send', input)), 'PERSON_DISABLED');
  });
});

test('what became due while the server was away is delivered when it is back, once', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-memos-'));
  const first = await startTestServer({ dataDir, isClockStill: true });
  const alice = await first.connectAs('alice');
  const bob = await first.connectAs('bob');
  const deliverAt = first.clock.now() + 1_000;
  const input = { ...memoFor(alice.person, [bob.person]), deliverAt };
  await alice.ask('memo:send', input);
  await first.stop();
  const second = await startTestServer({ dataDir });
  try {
    second.clock.advance(2_000);
    const browser = second.browser();
    const { username, authKey } = bob.person;
    await browser.request('POST', '/api/login', { username, authKey });
    // the delivery is a write of its own, which the login does not wait for
    for (;;) {
      const { body } = await browser.request('GET', '/api/memos?box=inbox');
      const { memos } = body as { memos: { memoUid: string }[] };
      if (memos.length > 0) {
        assert.deepEqual(
          memos.map(({ memoUid }) => memoUid),
          [input.memoUid],
        );
        break;
      }
    }
  } finally {
    await second.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
